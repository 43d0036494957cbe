package io.stackkit.api.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/// Runs threads side by side and hands on what they throw.
final class Threads {

  private Threads() {}

  /// What a thread does.
  interface Work {
    void run(int id) throws Exception;
  }

  /// Runs platform threads that start together, and waits for them.
  static void run(int count, Work work) throws InterruptedException {
    CountDownLatch start = new CountDownLatch(count);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int id = i;
      threads.add(
          start(
              failure,
              () -> {
                start.countDown();
                start.await();
                work.run(id);
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    rethrow(failure.get());
  }

  /// Runs one platform thread after another has ended.
  static void one(Step step) throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    start(failure, step).join();
    rethrow(failure.get());
  }

  /// What a thread does once.
  interface Step {
    void run() throws Exception;
  }

  private static Thread start(AtomicReference<Throwable> failure, Step step) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                step.run();
              } catch (Throwable e) {
                failure.compareAndSet(null, e);
              }
            });
  }

  private static void rethrow(Throwable failure) {
    if (failure != null) {
      throw new AssertionError(failure);
    }
  }
}
