package io.stackkit.bench.peer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The limit: a pointer into one block, moved and moved back, without frames, checks or growth.
final class ContiguousScratch implements Scratch {

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment memory = arena.allocate(FIXED_BYTES, Long.BYTES);
  private long top;

  @Override
  public void base(long byteSize) {
    top += byteSize;
  }

  @Override
  public long recurse(int levels) {
    long frame = top;
    top = frame + FRAME_BYTES;
    memory.set(ValueLayout.JAVA_LONG, frame, levels);
    long below = levels == 1 ? 0 : recurse(levels - 1);
    top = frame;
    return below + memory.get(ValueLayout.JAVA_LONG, frame);
  }

  @Override
  public long clock() {
    return Libc.clock(memory.asSlice(top, Libc.TIMESPEC));
  }

  @Override
  public long ldiv(long dividend, long divisor) {
    return Libc.ldiv((byteSize, alignment) -> memory.asSlice(top, byteSize), dividend, divisor);
  }

  @Override
  public void close() {
    arena.close();
  }
}
