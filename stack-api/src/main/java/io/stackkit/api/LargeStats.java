package io.stackkit.api;

/// The figures of an allocator's large segments (those above the fixed size) at one moment.
///
/// @param inUseBytes bytes handed out and not yet freed
/// @param idleBytes bytes kept for reuse
/// @param allocations large segments handed out since the allocator was opened
/// @param hits how many of them were served by a kept segment instead of the system
public record LargeStats(long inUseBytes, long idleBytes, long allocations, long hits) {

  /// All zero: no large segment was ever asked for.
  public static final LargeStats NONE = new LargeStats(0, 0, 0, 0);

  /// Returns the bytes that large segments hold from the system.
  ///
  /// @return bytes in use and idle together
  public long sysBytes() {
    return inUseBytes + idleBytes;
  }

  /// Returns the sum of this and another allocator's figures.
  ///
  /// @param other the figures to add
  /// @return the sums
  public LargeStats plus(LargeStats other) {
    return new LargeStats(
        inUseBytes + other.inUseBytes,
        idleBytes + other.idleBytes,
        allocations + other.allocations,
        hits + other.hits);
  }
}
