package io.stackkit.api;

/// The figures of one M, at one moment. Counts are in segments and events, not bytes.
///
/// A free debits the M that *frees*: where segments travel from thread to thread, `inUse` of one M
/// may be negative and only the sum over all Ms means anything.
///
/// @param id the M's number within its allocator, from 0
/// @param inUse segments allocated on this M less those freed on it; signed
/// @param idle free segments in this M's cache
/// @param allocations segments handed out by this M since the allocator was opened
/// @param frees segments given back to this M since the allocator was opened
/// @param refills times that an empty cache was filled with a batch
/// @param releases times that a full cache gave a batch away
public record MachineStats(
    int id, long inUse, long idle, long allocations, long frees, long refills, long releases) {

  /// Returns the sum of this and another M's figures, under the id of this one.
  ///
  /// @param other the figures to add
  /// @return the sums
  public MachineStats plus(MachineStats other) {
    return new MachineStats(
        id,
        inUse + other.inUse,
        idle + other.idle,
        allocations + other.allocations,
        frees + other.frees,
        refills + other.refills,
        releases + other.releases);
  }

  /// Returns what happened since an earlier reading of the same M: the difference of every figure.
  ///
  /// @param earlier the figures to subtract
  /// @return the differences
  public MachineStats minus(MachineStats earlier) {
    return new MachineStats(
        id,
        inUse - earlier.inUse,
        idle - earlier.idle,
        allocations - earlier.allocations,
        frees - earlier.frees,
        refills - earlier.refills,
        releases - earlier.releases);
  }
}
