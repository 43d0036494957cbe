package io.stackkit.api.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class MountedLockTest {

  private static final int CARRIERS = Runtime.getRuntime().availableProcessors();

  private final MountedLock lock = new MountedLock();

  /// Guarded by the lock, and plain: without exclusion increments get lost.
  private long guarded;

  @Test
  void excludes() throws InterruptedException {
    int rounds = 20_000;
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      Consumer<MountedLock> way = i % 4 < 2 ? MountedLock::lock : MountedLock::lockInner;
      Runnable work = () -> increment(way, rounds);
      threads.add(i % 2 == 0 ? Thread.ofPlatform().start(work) : Thread.ofVirtual().start(work));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(guarded).isEqualTo(16L * rounds);
  }

  private void increment(Consumer<MountedLock> way, int rounds) {
    for (int i = 0; i < rounds; i++) {
      way.accept(lock);
      try {
        guarded++;
      } finally {
        lock.unlock();
      }
    }
  }

  @Test
  void isReentrant() {
    lock.lock();
    lock.lockInner();
    lock.unlock();
    lock.unlock();
    assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
  }

  /// With a lock in whose queue virtual threads stand, it would be the turn of one that has no
  /// carrier, and nobody behind it would get the lock.
  @Test
  void aVirtualThreadWithoutACarrierHoldsNobodyUp() throws InterruptedException {
    CountDownLatch had = new CountDownLatch(2);
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> virtual = new ArrayList<>();
    lock.lock();
    try {
      virtual.add(Thread.startVirtualThread(() -> passThrough(new CountDownLatch(1))));
      awaitWaiting(virtual.getFirst());
      for (int i = 0; i < 2; i++) {
        awaitWaiting(Thread.ofPlatform().daemon().start(() -> passThrough(had)));
      }
      CountDownLatch busy = new CountDownLatch(CARRIERS);
      for (int i = 0; i < CARRIERS; i++) {
        virtual.add(Thread.startVirtualThread(() -> spinUntil(stop, busy)));
      }
      busy.await();
    } finally {
      lock.unlock();
    }
    try {
      assertThat(had.await(20, TimeUnit.SECONDS)).as("those behind it had the lock").isTrue();
    } finally {
      stop.set(true);
    }
    for (Thread thread : virtual) {
      thread.join();
    }
  }

  /// Waits until a thread waits, in a queue or asleep.
  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
  }

  private void passThrough(CountDownLatch latch) {
    lock.lock();
    lock.unlock();
    latch.countDown();
  }

  private static void spinUntil(AtomicBoolean stop, CountDownLatch busy) {
    busy.countDown();
    while (!stop.get()) {
      Thread.onSpinWait();
    }
  }
}
