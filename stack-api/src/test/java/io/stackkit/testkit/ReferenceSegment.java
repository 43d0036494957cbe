package io.stackkit.testkit;

import io.stackkit.api.StackSegment;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A segment of the [ReferenceAllocator], whose lock guards it.
final class ReferenceSegment extends StackSegment {

  final ReferenceAllocator owner;

  /// What its memory is a part of: a slab, or an arena of its own if it is large.
  final Arena arena;

  final MemorySegment memory;
  boolean inUse;

  ReferenceSegment(ReferenceAllocator owner, Arena arena, MemorySegment memory) {
    this.owner = owner;
    this.arena = arena;
    this.memory = memory;
  }

  @Override
  public MemorySegment memory() {
    return owner.memoryOf(this);
  }

  @Override
  public long byteSize() {
    return memory.byteSize();
  }

  @Override
  public void close() {
    owner.free(this);
  }
}
