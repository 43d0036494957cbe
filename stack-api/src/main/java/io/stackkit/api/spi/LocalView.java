package io.stackkit.api.spi;

import io.stackkit.api.LocalAllocator;
import io.stackkit.api.StackSegment;

/// A platform thread's view of an allocator: no search for the M, which is checked with one
/// compare. When the calling thread is not the M's owner (another thread, or the allocator is
/// closed) the allocator itself takes over.
record LocalView(MachineAllocator<?> allocator, Machine machine) implements LocalAllocator {

  @Override
  public StackSegment allocate() {
    return allocator.allocate(machine);
  }

  @Override
  public void free(StackSegment segment) {
    allocator.free(machine, segment);
  }
}
