package io.stackkit.bench.peer;

import io.stackkit.api.LocalAllocator;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackSegment;
import java.lang.foreign.ValueLayout;

/// An allocator of the kit, reached by the allocator itself or by a view of the thread's own.
final class KitSource extends AllocatorSource implements BlockSource {

  private final boolean local;

  KitSource(String spec, boolean local) {
    super(spec);
    this.local = local;
  }

  @Override
  public long blockBytes() {
    return allocator().options().segmentSize();
  }

  @Override
  public Hand hand() {
    return local ? new LocalHand(allocator().local()) : new SharedHand(allocator());
  }

  private abstract static class KitHand extends ObjectHand<StackSegment> {

    @Override
    final void touch(StackSegment block) {
      block.memory().set(ValueLayout.JAVA_LONG, 0, 1);
    }
  }

  private static final class SharedHand extends KitHand {

    private final StackAllocator allocator;

    SharedHand(StackAllocator allocator) {
      this.allocator = allocator;
    }

    @Override
    StackSegment allocate() {
      return allocator.allocate();
    }

    @Override
    void free(StackSegment block) {
      allocator.free(block);
    }
  }

  private static final class LocalHand extends KitHand {

    private final LocalAllocator allocator;

    LocalHand(LocalAllocator allocator) {
      this.allocator = allocator;
    }

    @Override
    StackSegment allocate() {
      return allocator.allocate();
    }

    @Override
    void free(StackSegment block) {
      allocator.free(block);
    }
  }
}
