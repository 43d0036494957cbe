package io.stackkit.api.spi;

import io.stackkit.api.LocalAllocator;
import io.stackkit.api.StackSegment;

/// A platform thread's view of an allocator: no search for the M, which is checked with one
/// compare. When the calling thread is not the M's owner (another thread, or the allocator is
/// closed) the allocator itself takes over.
class LocalView extends Padding implements LocalAllocator {

  private final MachineAllocator<?> allocator;
  private final Machine machine;

  private LocalView(MachineAllocator<?> allocator, Machine machine) {
    this.allocator = allocator;
    this.machine = machine;
  }

  @Override
  public final StackSegment allocate() {
    return allocator.allocate(machine);
  }

  @Override
  public final void free(StackSegment segment) {
    allocator.free(machine, segment);
  }

  /// See [Padding].
  @SuppressWarnings("unused")
  static final class Padded extends LocalView {
    private long q0;
    private long q1;
    private long q2;
    private long q3;
    private long q4;
    private long q5;
    private long q6;
    private long q7;

    Padded(MachineAllocator<?> allocator, Machine machine) {
      super(allocator, machine);
    }
  }
}
