package io.stackkit.bench.workload;

import io.stackkit.api.StackAllocator;
import io.stackkit.api.segmented.SegmentedStack;
import io.stackkit.api.segmented.StackFrame;
import io.stackkit.api.segmented.StackSettings;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The recursion of the commit's benchmarks, on a segmented stack of the kit.
final class Recursion {

  /// Bytes of Go's frame: an array of 1024 bytes and what goes with it.
  private static final int FRAME_BYTES = 1040;

  /// As many as it takes for C2 to know what a close does.
  private static final int CLOSED_BEFORE = 5000;

  private Recursion() {}

  /// Opens a stack as the commit's: without a spare segment.
  ///
  /// Frames have been closed on it: a JVM whose first frames are those of 32 threads' first
  /// recursion compiles that before it has closed any, and keeps frames on the heap from then on.
  static SegmentedStack stack(StackAllocator allocator) {
    SegmentedStack stack = SegmentedStack.on(allocator, StackSettings.defaults().withSpare(false));
    for (int i = 0; i < CLOSED_BEFORE; i++) {
      stack.push().close();
    }
    return stack;
  }

  /// Recurses `calls` deep, each call with a frame of its own. As in Go, what a call has written
  /// into its frame decides whether it calls on, so that nothing can be left out.
  static void recurse(SegmentedStack stack, int calls) {
    try (StackFrame frame = stack.push()) {
      MemorySegment memory = frame.allocate(FRAME_BYTES, Long.BYTES);
      memory.set(ValueLayout.JAVA_LONG, 0, calls - 1);
      if (memory.get(ValueLayout.JAVA_LONG, 0) != 0) {
        recurse(stack, calls - 1);
      }
    }
  }
}
