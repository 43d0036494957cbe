package io.stackkit.api.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// The lock of an M.
class MachineLockTest {

  private final TestAllocator.TestMachine machine = new TestAllocator.TestMachine(0, 1);

  /// Guarded by the machine's lock, and plain: without exclusion increments get lost.
  private long guarded;

  @Test
  void excludes() throws InterruptedException {
    int threads = 64;
    int rounds = 2_000;
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      // of both kinds: virtual ones only ever run on few carriers
      Runnable work = () -> increment(rounds);
      all.add(i % 8 == 0 ? Thread.ofPlatform().start(work) : Thread.ofVirtual().start(work));
    }
    for (Thread thread : all) {
      thread.join();
    }

    assertThat(guarded).isEqualTo((long) threads * rounds);
  }

  @SuppressWarnings("ThreadPriorityCheck") // more threads than processors
  private void increment(int rounds) {
    Thread current = Thread.currentThread();
    for (int i = 0; i < rounds; i++) {
      while (!machine.tryLock(current)) {
        Thread.yield();
      }
      guarded++;
      machine.unlock();
    }
  }

  @Test
  void isRefusedWhileTheHolderLives() {
    Thread current = Thread.currentThread();
    assertThat(machine.tryLock(current)).isTrue();

    // a thread that was never started is not alive; this one is
    Thread other = new Thread(() -> assertThat(machine.tryLock(Thread.currentThread())).isFalse());
    assertThat(failureOf(other)).isNull();

    machine.unlock();
    Thread next = new Thread(() -> assertThat(machine.tryLock(Thread.currentThread())).isTrue());
    assertThat(failureOf(next)).isNull();
  }

  @Test
  void isTakenOverFromTheDead() {
    for (Thread.Builder kind : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
      assertThat(failureOf(kind.unstarted(() -> machine.tryLock(Thread.currentThread())))).isNull();

      assertThat(machine.tryLock(Thread.currentThread())).isTrue();
      machine.unlock();
    }
  }

  @Test
  void isTakenOverByOneOfMany() throws InterruptedException {
    int threads = 2;
    Thread dead = new Thread(() -> {});
    dead.start();
    dead.join();
    CyclicBarrier barrier = new CyclicBarrier(threads);
    AtomicInteger winners = new AtomicInteger();
    AtomicInteger rounds = new AtomicInteger();
    AtomicInteger wrong = new AtomicInteger();

    Threads.run(
        threads,
        id -> {
          Thread current = Thread.currentThread();
          for (int round = 0; round < 1_000; round++) {
            if (id == 0) {
              winners.set(0);
              machine.unlock();
              machine.tryLock(dead);
            }
            barrier.await();
            // all at once: the barrier's waiters do not wake together
            for (rounds.incrementAndGet(); rounds.get() < (round + 1) * threads; ) {
              Thread.onSpinWait();
            }
            if (machine.tryLock(current)) {
              winners.incrementAndGet();
            }
            barrier.await();
            wrong.addAndGet(winners.get() == 1 ? 0 : 1);
            barrier.await();
          }
        });

    assertThat(wrong).hasValue(0);
  }

  @Test
  void isReenteredWhenTheUnlockWasTorn() {
    Thread current = Thread.currentThread();
    assertThat(machine.tryLock(current)).isTrue();
    // no unlock: the stack overflowed on the way there

    assertThat(machine.tryLock(current)).isTrue();
    machine.unlock();
    // one unlock is enough then
    Thread next = new Thread(() -> assertThat(machine.tryLock(Thread.currentThread())).isTrue());
    assertThat(failureOf(next)).isNull();
  }

  private static Throwable failureOf(Thread thread) {
    Throwable[] failure = new Throwable[1];
    thread.setUncaughtExceptionHandler((which, thrown) -> failure[0] = thrown);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return failure[0];
  }
}
