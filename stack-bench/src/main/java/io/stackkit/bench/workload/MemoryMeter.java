package io.stackkit.bench.workload;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;

/// Measures memory around a single shot. Thread-safe.
///
/// A thread's memory counts from when it has all of it to when it begins to give it back: the peak
/// is never told higher than it was.
final class MemoryMeter {

  private final long residentBefore = Resident.now();
  private final AtomicLong inUse = new AtomicLong();
  private final LongAccumulator peak = new LongAccumulator(Math::max, 0);

  /// Tells that the calling thread has taken memory.
  void take(long bytes) {
    peak.accumulate(inUse.addAndGet(bytes));
  }

  /// Tells that the calling thread is about to give it back.
  void give(long bytes) {
    inUse.addAndGet(-bytes);
  }

  /// Publishes what was measured.
  void publish(long sysBytes, long machines) {
    long resident = residentBefore < 0 ? -1 : Resident.peak() - residentBefore;
    new Figures(sysBytes, peak.get(), resident, machines).publish();
  }
}
