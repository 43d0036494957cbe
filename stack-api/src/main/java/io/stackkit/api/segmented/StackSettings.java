package io.stackkit.api.segmented;

import io.stackkit.api.ByteSizes;

/// How a [SegmentedStack] grows and what it keeps. Immutable.
///
/// @param spare whether the stack keeps one segment more than its frames need, so that frames that
///   open and close at the edge of a segment (a *hot split*) cost no round trip to the allocator
/// @param maxBytes the most that one stack may hold, in bytes: segments, the spare and large
///   segments together, these with the bytes that the allocator hands out, which may be more than
///   were asked for; [Long#MAX_VALUE] for no limit
/// @param zeroArenas whether [SegmentedStack#pushArena()] hands out zeroed memory, as the JDK's
///   arenas do. Without, it holds what was there before, and an allocation of 512 bytes takes 5 to
///   13 ns less, as the machine is
public record StackSettings(boolean spare, long maxBytes, boolean zeroArenas) {

  private static final StackSettings DEFAULTS = new StackSettings(true, Long.MAX_VALUE, true);

  /// Checks the bounds.
  ///
  /// @throws IllegalArgumentException if `maxBytes` is less than 1
  public StackSettings {
    if (maxBytes < 1) {
      throw new IllegalArgumentException(
          "maxBytes: %d (must be >= 1; a stack needs at least one segment)".formatted(maxBytes));
    }
  }

  /// Returns the defaults: a spare segment, no limit but the allocator's own, zeroed arenas.
  ///
  /// @return the default settings
  public static StackSettings defaults() {
    return DEFAULTS;
  }

  /// Returns these settings with another `spare`.
  ///
  /// @param spare whether to keep a spare segment
  /// @return new settings
  public StackSettings withSpare(boolean spare) {
    return new StackSettings(spare, maxBytes, zeroArenas);
  }

  /// Returns these settings with another limit.
  ///
  /// @param maxBytes the limit per stack in bytes, at least 1
  /// @return new settings
  /// @throws IllegalArgumentException if `maxBytes` is less than 1
  public StackSettings withMaxBytes(long maxBytes) {
    return new StackSettings(spare, maxBytes, zeroArenas);
  }

  /// Returns these settings with another `zeroArenas`.
  ///
  /// @param zeroArenas whether arenas hand out zeroed memory
  /// @return new settings
  public StackSettings withZeroArenas(boolean zeroArenas) {
    return new StackSettings(spare, maxBytes, zeroArenas);
  }

  void checkAgainst(int segmentSize) {
    if (maxBytes < segmentSize) {
      throw new IllegalArgumentException(
          "maxBytes: %d (must be >= segmentSize: %d of the allocator)"
              .formatted(maxBytes, segmentSize));
    }
  }

  @Override
  public String toString() {
    return "spare=%s,maxBytes=%s,zeroArenas=%s"
        .formatted(
            spare,
            maxBytes == Long.MAX_VALUE ? "unlimited" : ByteSizes.format(maxBytes),
            zeroArenas);
  }
}
