package io.stackkit.api.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The count that the bound on memory rests on, while threads come and hand segments on: one thread
/// takes them, the others, which have Ms that were not there a moment ago, give them back.
class InUseAtLeastTest {

  private static final int MOST = 8;
  private static final int IDLE_MACHINES = 400;
  private static final int TAKERS = 300;
  private static final int EACH = 2_000;

  private final MachineRegistry<TestAllocator.TestMachine> registry =
      new MachineRegistry<>(id -> new TestAllocator.TestMachine(id, 1));
  private final Semaphore free = new Semaphore(MOST);
  private final Semaphore inUse = new Semaphore(0);
  private final CountDownLatch end = new CountDownLatch(1);

  @Test
  @Timeout(60)
  void isNeverMoreThanThereWere() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < IDLE_MACHINES; i++) {
      // so that counting takes a while before it comes to the thread that takes
      Thread idle = Thread.ofVirtual().start(this::awaitEnd);
      registry.own(idle);
      threads.add(idle);
    }
    TestAllocator.TestMachine mine = own();
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong most = new AtomicLong();
    threads.add(
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!done.get()) {
                    most.accumulateAndGet(registry.inUseAtLeast(), Math::max);
                  }
                }));
    for (int i = 0; i < TAKERS; i++) {
      threads.add(Thread.ofPlatform().start(this::giveBack));
      for (int k = 0; k < EACH; k++) {
        free.acquire();
        mine.allocations++;
        inUse.release();
      }
    }
    done.set(true);
    end.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(most.get()).isBetween(1L, (long) MOST);
  }

  private void giveBack() {
    TestAllocator.TestMachine mine = own();
    for (int i = 0; i < EACH; i++) {
      inUse.acquireUninterruptibly();
      mine.frees++;
      free.release();
    }
    awaitEnd();
  }

  private TestAllocator.TestMachine own() {
    return Objects.requireNonNull(registry.own(Thread.currentThread()));
  }

  private void awaitEnd() {
    try {
      end.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
