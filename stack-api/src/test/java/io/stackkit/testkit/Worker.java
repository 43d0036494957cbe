package io.stackkit.testkit;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// One thread that does what it is told and stays alive, parked, in between.
public final class Worker implements AutoCloseable {

  private final ExecutorService thread;

  private Worker(Thread.Builder builder) {
    thread = Executors.newSingleThreadExecutor(builder.factory());
  }

  /// Starts a platform thread.
  public static Worker platform() {
    return new Worker(Thread.ofPlatform().name("worker"));
  }

  /// Starts a virtual thread.
  public static Worker virtual() {
    return new Worker(Thread.ofVirtual().name("virtual-worker"));
  }

  /// Has the thread do something and waits for the result.
  public <T> T call(Callable<T> task) throws Exception {
    try {
      return thread.submit(task).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw new AssertionError("on the worker: " + e.getCause(), e.getCause());
    }
  }

  /// Has the thread do something and waits until it is done.
  public void run(Runnable task) throws Exception {
    call(Executors.callable(task));
  }

  /// Ends the thread, which is dead afterwards.
  @Override
  public void close() {
    thread.close();
  }
}
