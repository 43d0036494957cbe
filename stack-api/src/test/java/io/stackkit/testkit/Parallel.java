package io.stackkit.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Runs the same thing on many threads and hands on what went wrong on any of them.
public final class Parallel {

  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private Parallel() {}

  /// What one thread of several does.
  @FunctionalInterface
  public interface Task {
    /// Does it.
    ///
    /// @param index the number of the thread, from 0
    void run(int index) throws Exception;
  }

  /// Runs a task on so many platform threads at once and waits for their end.
  public static void platform(int threads, Task task) throws InterruptedException {
    run(threads, Thread.ofPlatform().name("platform-", 0), task);
  }

  /// Runs a task on so many virtual threads at once and waits for their end.
  public static void virtual(int threads, Task task) throws InterruptedException {
    run(threads, Thread.ofVirtual().name("virtual-", 0), task);
  }

  /// Runs a task on one new platform thread and waits for its end.
  public static <T> T elsewhere(Callable<T> task) throws Exception {
    List<T> result = new ArrayList<>();
    platform(1, _ -> result.add(task.call()));
    return result.getFirst();
  }

  private static void run(int count, Thread.Builder builder, Task task)
      throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int index = i;
      threads.add(
          builder.start(
              () -> {
                try {
                  gate.await();
                  task.run(index);
                } catch (Throwable e) {
                  failures.add(e);
                }
              }));
    }
    gate.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    rethrow(failures);
  }

  private static void rethrow(Queue<Throwable> failures) {
    Throwable first = failures.poll();
    if (first == null) {
      return;
    }
    AssertionError error = new AssertionError("on another thread: " + first, first);
    failures.stream().limit(10).forEach(error::addSuppressed);
    throw error;
  }

  /// Lets other threads run on this carrier or processor; a virtual thread may come back on another
  /// one.
  @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it
  static void giveWay() {
    Thread.yield();
  }

  /// Waits until something is so; fails if it takes absurdly long.
  public static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("waited in vain until " + what);
      }
      LockSupport.parkNanos(100_000);
    }
  }
}
