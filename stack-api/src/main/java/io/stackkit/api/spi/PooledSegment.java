package io.stackkit.api.spi;

import io.stackkit.api.StackSegment;
import java.lang.foreign.MemorySegment;

/// The handle of a fixed-size segment. There is one for each piece of memory, made with it and
/// recycled with it, so that allocating makes no garbage.
///
/// Handles are linked by *index*, not by reference: a store of a reference into an old object costs
/// a collector's barrier (with G1 up to a full memory fence, with the parallel collector a
/// card-table line that threads fight over), a store of an `int` costs nothing. Measured with
/// long-lived handles, two threads' bursts gain a quarter by it; and an index fits into one `long`
/// together with a version, which makes [Depot] free of locks.
final class PooledSegment extends StackSegment {

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

  PooledSegment(MachineAllocator<?> allocator, MemorySegment memory, int index) {
    this.allocator = allocator;
    this.memory = memory;
    this.index = index;
  }

  @Override
  public MemorySegment memory() {
    if (next != IN_USE) {
      throw notInUse("used");
    }
    return memory;
  }

  @Override
  public long byteSize() {
    return memory.byteSize();
  }

  @Override
  public void close() {
    allocator.free(this);
  }

  IllegalStateException notInUse(String verb) {
    return new IllegalStateException(
        "%s is not in use (freed before, or its allocator was closed): it cannot be %s"
            .formatted(this, verb));
  }

  @Override
  public String toString() {
    return "segment %d of %s".formatted(index, allocator);
  }
}
