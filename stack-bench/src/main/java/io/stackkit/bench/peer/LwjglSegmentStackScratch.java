package io.stackkit.bench.peer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.lwjgl.system.SegmentStack;

/// LWJGL's `SegmentStack`, passed along.
final class LwjglSegmentStackScratch implements Scratch {

  private final SegmentStack stack = SegmentStack.create(FIXED_BYTES);

  @Override
  public void base(long byteSize) {
    stack.push().allocate(byteSize, Long.BYTES);
  }

  @Override
  public long recurse(int levels) {
    try (SegmentStack frame = stack.push()) {
      MemorySegment memory = frame.allocate(FRAME_BYTES, Long.BYTES);
      memory.set(ValueLayout.JAVA_LONG, 0, levels);
      long below = levels == 1 ? 0 : recurse(levels - 1);
      return below + memory.get(ValueLayout.JAVA_LONG, 0);
    }
  }

  @Override
  public long clock() {
    try (SegmentStack frame = stack.push()) {
      return Libc.clock(frame.allocate(Libc.TIMESPEC));
    }
  }

  @Override
  public long ldiv(long dividend, long divisor) {
    try (SegmentStack frame = stack.push()) {
      return Libc.ldiv(frame, dividend, divisor);
    }
  }

  @Override
  public void close() {
    stack.setPointer(stack.getSize());
  }
}
