package io.stackkit.bench.peer;

import io.stackkit.api.segmented.SegmentedStack;
import io.stackkit.api.segmented.StackSettings;
import java.lang.foreign.Arena;

/// Segmented stacks of the kit over one allocator, with plain frames or with arenas.
final class KitScratchSource extends AllocatorSource implements ScratchSource {

  private final Contender.View view;

  KitScratchSource(String spec, Contender.View view) {
    super(spec);
    this.view = view;
  }

  @Override
  public Scratch scratch() {
    boolean zeroing = view != Contender.View.DIRTY;
    SegmentedStack stack =
        SegmentedStack.on(allocator(), StackSettings.defaults().withZeroArenas(zeroing));
    return view == Contender.View.PLAIN
        ? new KitScratch(stack)
        : new ArenaScratch(new Arenas(stack));
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
