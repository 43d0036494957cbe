package io.stackkit.stats;

import io.stackkit.api.LargeStats;

/// The totals of a [MemStats] as plain values, all from one reading; the composite value that
/// [StackMXBean#getUsage()] returns. [MemStats] says what they mean and how exact they are.
///
/// @param inuse bytes of fixed-size segments in use
/// @param idle bytes obtained for fixed-size segments and not in use
/// @param sys bytes obtained from the system for fixed-size segments
/// @param allocations segments handed out since the allocator was opened
/// @param frees segments given back
/// @param refills times that an M's empty cache was filled
/// @param releases times that an M's full cache gave a batch away
/// @param machines number of Ms
/// @param largeInuse bytes of large segments in use
/// @param largeIdle bytes of large segments kept for reuse
/// @param uncertainty by how many segments in use may be off
/// @param exact whether all figures belong to one moment
public record StackUsage(
    long inuse,
    long idle,
    long sys,
    long allocations,
    long frees,
    long refills,
    long releases,
    int machines,
    long largeInuse,
    long largeIdle,
    long uncertainty,
    boolean exact) {

  /// Takes the totals of a reading.
  ///
  /// @param stats the reading
  /// @return its totals
  public static StackUsage of(MemStats stats) {
    LargeStats large = stats.large();
    return new StackUsage(
        stats.stacksInuse(),
        stats.stacksIdle(),
        stats.stacksSys(),
        stats.allocations(),
        stats.frees(),
        stats.refills(),
        stats.releases(),
        stats.machines(),
        large.inUseBytes(),
        large.idleBytes(),
        stats.uncertainty(),
        stats.exact());
  }
}
