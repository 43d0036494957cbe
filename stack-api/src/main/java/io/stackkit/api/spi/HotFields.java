package io.stackkit.api.spi;

import org.jspecify.annotations.Nullable;

/// What every allocate and free reads in the allocator, with padding in front of it and, in
/// [HotPath], behind it.
abstract class HotFields extends Padding {

  static final @Nullable Machine[] NO_TABLE = new Machine[1];

  /// Where Ms are found by their threads. Plain: see [MachineRegistry#find] and [Depot] on why
  /// stale values do no harm.
  @Nullable Machine[] table = NO_TABLE;

  /// All segments by index; as plain as the table.
  PooledSegment[] segments = new PooledSegment[0];
}
