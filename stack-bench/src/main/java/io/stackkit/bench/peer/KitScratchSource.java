package io.stackkit.bench.peer;

import io.stackkit.api.StackAllocator;
import io.stackkit.api.segmented.SegmentedStack;
import java.lang.foreign.Arena;

/// Segmented stacks of the kit over one allocator, with plain frames or with arenas.
record KitScratchSource(StackAllocator allocator, boolean arenas) implements ScratchSource {

  @Override
  public Scratch scratch() {
    SegmentedStack stack = SegmentedStack.on(allocator);
    return arenas ? new ArenaScratch(new Arenas(stack)) : new KitScratch(stack);
  }

  @Override
  public long sysBytes() {
    return allocator.sysBytes();
  }

  @Override
  public int machines() {
    return allocator.machines().size();
  }

  @Override
  public void close() {
    allocator.close();
  }

  private record Arenas(SegmentedStack stack) implements ArenaScratch.Opener {

    @Override
    public Arena open(long byteSize) {
      return stack.pushArena();
    }

    @Override
    public void close() {
      stack.close();
    }
  }
}
