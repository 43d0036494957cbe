package io.stackkit.api.spi;

import static io.stackkit.api.spi.Machine.EMPTY;

import io.stackkit.api.LocalAllocator;
import io.stackkit.api.StackSegment;

/// A platform thread's view of an allocator: no search for the M, which is checked with one
/// compare. When the thread is not the M's owner (another thread, or the allocator is closed) the
/// allocator itself takes over.
final class LocalView implements LocalAllocator {

  private final MachineAllocator<?> allocator;
  private final Machine machine;

  LocalView(MachineAllocator<?> allocator, Machine machine) {
    this.allocator = allocator;
    this.machine = machine;
  }

  @Override
  public StackSegment allocate() {
    Machine mine = machine;
    if (mine.owner == Thread.currentThread()) {
      int head = mine.head;
      if (head != EMPTY) {
        return allocator.take(mine, head);
      }
    }
    return allocator.allocate();
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // an allocator is itself only
  public void free(StackSegment segment) {
    Machine mine = machine;
    if (segment instanceof PooledSegment pooled
        && pooled.allocator == allocator
        && mine.owner == Thread.currentThread()
        && MachineAllocator.canGive(mine, pooled)) {
      MachineAllocator.give(mine, pooled);
    } else {
      allocator.free(segment);
    }
  }
}
