package io.stackkit.bench.peer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.MemoryUtil;
import org.lwjgl.system.SegmentStack;

/// LWJGL: its stacks, a thread's own and of a fixed size, and its `nmemAlloc` (jemalloc where its
/// natives are there, else the C library's).
enum LwjglSource implements BlockSource {
  /// Blocks are frames of a `MemoryStack`; newest first only.
  STACK {
    @Override
    public Hand hand() {
      return new StackHand(MemoryStack.create(STACK_BYTES));
    }
  },

  /// Blocks are frames of a `SegmentStack`; newest first only.
  SEGMENT_STACK {
    @Override
    public Hand hand() {
      return new SegmentStackHand(SegmentStack.create(STACK_BYTES));
    }
  },

  /// Blocks are addresses.
  MALLOC {
    @Override
    public Hand hand() {
      return new MallocHand();
    }
  };

  /// Enough for 1024 blocks and their alignment.
  static final int STACK_BYTES = 1025 * BLOCK_BYTES;

  @Override
  public void close() {
    // Stacks are left to the garbage collector, as LWJGL does.
  }

  private static final class StackHand extends AddressHand {

    private final MemoryStack stack;

    StackHand(MemoryStack stack) {
      this.stack = stack;
    }

    @Override
    long allocate() {
      return stack.push().nmalloc(Long.BYTES, BLOCK_BYTES);
    }

    @Override
    void touch(long block) {
      MemoryUtil.memPutLong(block, 1);
    }

    @Override
    void free(long block) {
      stack.pop();
    }
  }

  private static final class SegmentStackHand extends ObjectHand<MemorySegment> {

    private final SegmentStack stack;

    SegmentStackHand(SegmentStack stack) {
      this.stack = stack;
    }

    @Override
    MemorySegment allocate() {
      return stack.push().allocate(BLOCK_BYTES, Long.BYTES);
    }

    @Override
    void touch(MemorySegment block) {
      block.set(ValueLayout.JAVA_LONG, 0, 1);
    }

    @Override
    void free(MemorySegment block) {
      stack.pop();
    }
  }

  private static final class MallocHand extends AddressHand {

    @Override
    long allocate() {
      return MemoryUtil.nmemAllocChecked(BLOCK_BYTES);
    }

    @Override
    void touch(long block) {
      MemoryUtil.memPutLong(block, 1);
    }

    @Override
    void free(long block) {
      MemoryUtil.nmemFree(block);
    }
  }
}
