package io.stackkit.bench.peer;

import io.stackkit.api.StackAllocator;
import io.stackkit.api.segmented.SegmentedStack;
import io.stackkit.api.segmented.StackSettings;
import java.lang.foreign.Arena;

/// Segmented stacks of the kit over one allocator, with plain frames or with arenas.
record KitScratchSource(StackAllocator allocator, Contender.View view) implements ScratchSource {

  @Override
  public Scratch scratch() {
    boolean zeroing = view != Contender.View.DIRTY;
    SegmentedStack stack =
        SegmentedStack.on(allocator, StackSettings.defaults().withZeroArenas(zeroing));
    return view == Contender.View.PLAIN
        ? new KitScratch(stack)
        : new ArenaScratch(new Arenas(stack));
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
