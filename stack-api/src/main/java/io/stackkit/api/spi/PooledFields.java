package io.stackkit.api.spi;

import io.stackkit.api.StackSegment;
import java.lang.foreign.MemorySegment;

/// The fields of a [PooledSegment], right behind its header.
abstract class PooledFields extends StackSegment {

  /// The value of [#next] while the segment is handed out.
  static final int IN_USE = -2;

  final MachineAllocator<?> allocator;
  final MemorySegment memory;
  final int index;

  /// The next free segment of the same chain, [Machine#EMPTY] at its end, or [#IN_USE].
  int next = Machine.EMPTY;

  /// In the first segment of a batch: the next batch of the depot. In the second: how many the
  /// batch has.
  int link = Machine.EMPTY;

  PooledFields(MachineAllocator<?> allocator, MemorySegment memory, int index) {
    this.allocator = allocator;
    this.memory = memory;
    this.index = index;
  }
}
