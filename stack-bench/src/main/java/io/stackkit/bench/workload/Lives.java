package io.stackkit.bench.workload;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Threads that come and go, with a bound on how many are alive. What one of them throws is thrown
/// in the end.
final class Lives {

  private final boolean virtual;
  private final Semaphore room;
  private final int atOnce;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /// @param virtual whether threads are virtual
  /// @param atOnce how many may be alive
  Lives(boolean virtual, int atOnce) {
    this.virtual = virtual;
    this.atOnce = atOnce;
    this.room = new Semaphore(atOnce);
  }

  /// What a thread does.
  @FunctionalInterface
  interface Life {
    void live() throws InterruptedException;
  }

  /// Starts a thread as soon as there is room, unless one has failed.
  ///
  /// @throws IllegalStateException if a thread failed
  void start(Life life) throws InterruptedException {
    room.acquire();
    check();
    Thread thread =
        virtual ? Thread.ofVirtual().unstarted(() -> run(life)) : new Thread(() -> run(life));
    thread.start();
  }

  private void run(Life life) {
    try {
      life.live();
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    } finally {
      room.release();
    }
  }

  /// Waits until no thread is alive, but for its last steps.
  ///
  /// @throws IllegalStateException if a thread failed
  void await() throws InterruptedException {
    room.acquire(atOnce);
    room.release(atOnce);
    check();
  }

  private void check() {
    Throwable e = failure.get();
    if (e != null) {
      throw new IllegalStateException("a thread of the workload failed: " + e, e);
    }
  }
}
