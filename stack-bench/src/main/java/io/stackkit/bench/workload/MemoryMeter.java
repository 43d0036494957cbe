package io.stackkit.bench.workload;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.LongSupplier;

/// Measures memory around a single shot. Thread-safe.
///
/// A thread's memory counts from when it has all of it to when it begins to give it back: the peak
/// is never told higher than it was.
final class MemoryMeter {

  private final long residentBefore = Resident.now();
  private final AtomicLong inUse = new AtomicLong();
  private final LongAccumulator peak = new LongAccumulator(Math::max, 0);
  private long first = -1;

  /// Tells that the calling thread has taken memory.
  void take(long bytes) {
    peak.accumulate(inUse.addAndGet(bytes));
  }

  /// Tells that the calling thread is about to give it back.
  void give(long bytes) {
    inUse.addAndGet(-bytes);
  }

  /// Does something several times over.
  ///
  /// @param times how often, at least 1
  /// @param sysBytes tells what has been obtained from the system; asked after the first time
  void repeat(int times, LongSupplier sysBytes, Lives.Life shot) throws InterruptedException {
    shot.live();
    if (times > 1) {
      first = sysBytes.getAsLong();
    }
    for (int i = 1; i < times; i++) {
      shot.live();
    }
  }

  /// Publishes what was measured.
  void publish(long sysBytes, long machines) {
    long resident = residentBefore < 0 ? -1 : Resident.peak() - residentBefore;
    new Figures(sysBytes, first, peak.get(), resident, machines, -1).publish();
  }
}
