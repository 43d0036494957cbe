package io.stackkit.bench.peer;

import io.stackkit.api.segmented.SegmentedStack;
import io.stackkit.api.segmented.StackFrame;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// The kit's segmented stack with plain frames.
final class KitScratch implements Scratch {

  private final SegmentedStack stack;
  private @Nullable StackFrame base;

  KitScratch(SegmentedStack stack) {
    this.stack = stack;
  }

  @Override
  public void base(long byteSize) {
    base = stack.push();
    base.allocate(byteSize, Long.BYTES);
  }

  @Override
  public long recurse(int levels) {
    try (StackFrame frame = stack.push()) {
      MemorySegment memory = frame.allocate(FRAME_BYTES, Long.BYTES);
      memory.set(ValueLayout.JAVA_LONG, 0, levels);
      long below = levels == 1 ? 0 : recurse(levels - 1);
      return below + memory.get(ValueLayout.JAVA_LONG, 0);
    }
  }

  @Override
  public long clock() {
    try (StackFrame frame = stack.push()) {
      return Libc.clock(frame.allocate(Libc.TIMESPEC));
    }
  }

  @Override
  public long ldiv(long dividend, long divisor) {
    try (StackFrame frame = stack.push()) {
      return Libc.ldiv(frame, dividend, divisor);
    }
  }

  @Override
  public void close() {
    if (base != null) {
      base.close();
    }
    stack.close();
  }
}
