package io.stackkit.api.internal;

import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// A lock for threads of both kinds, for which no virtual thread is ever parked.
///
/// A virtual thread that is parked in the queue of a [ReentrantLock] needs a carrier when its turn
/// comes. While virtual threads that never block have all of them, its turn does not end, and
/// everybody behind it in the queue waits for those threads, platform threads included. (Monitors
/// have the same trouble; since JDK 24 a platform thread behind a virtual one looks again from time
/// to time.) Here only platform threads queue. A virtual thread tries again and again, and has no
/// place that others wait behind.
///
/// That is half of it. The other half is up to the holder: *while it has the lock it neither parks
/// nor yields nor waits for a lock of another kind*. So whoever has the lock is on a processor, or
/// the operating system will put it there, and every wait ends.
public final class MountedLock {

  /// Attempts before a virtual thread sleeps, some microseconds: about what taking memory from the
  /// system takes.
  private static final int SPINS = 200;

  private static final long SLEEP_NANOS = 20_000;

  private final ReentrantLock lock = new ReentrantLock();

  /// Makes a lock that nobody has.
  public MountedLock() {}

  /// Takes the lock; the caller has no other. A virtual thread lets others run while it waits: it
  /// sleeps between its attempts. (Yielding would not do. One that yields in a loop is often the
  /// next that its carrier runs, for as long as it likes, while others wait to be run at all.)
  public void lock() {
    if (!Thread.currentThread().isVirtual()) {
      lock.lock();
      return;
    }
    for (int attempt = 0; !lock.tryLock(); attempt++) {
      if (attempt < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(SLEEP_NANOS);
      }
    }
  }

  /// Takes the lock; the caller may have others. A virtual thread stays on its carrier while it
  /// waits, so this is for locks that are held for a short time.
  public void lockInner() {
    if (!Thread.currentThread().isVirtual()) {
      lock.lock();
      return;
    }
    while (!lock.tryLock()) {
      Thread.onSpinWait();
    }
  }

  /// Gives the lock back.
  ///
  /// @throws IllegalMonitorStateException if the calling thread does not have it
  public void unlock() {
    lock.unlock();
  }
}
