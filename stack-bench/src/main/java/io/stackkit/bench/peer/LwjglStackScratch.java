package io.stackkit.bench.peer;

import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.MemoryUtil;

/// LWJGL's `MemoryStack`, passed along, with memory addressed as LWJGL's own bindings do.
final class LwjglStackScratch implements Scratch {

  private final MemoryStack stack = MemoryStack.create(FIXED_BYTES);

  @Override
  public void base(long byteSize) {
    stack.push().nmalloc(Long.BYTES, Math.toIntExact(byteSize));
  }

  @Override
  public long recurse(int levels) {
    try (MemoryStack frame = stack.push()) {
      long memory = frame.nmalloc(Long.BYTES, FRAME_BYTES);
      MemoryUtil.memPutLong(memory, levels);
      long below = levels == 1 ? 0 : recurse(levels - 1);
      return below + MemoryUtil.memGetLong(memory);
    }
  }

  @Override
  public long clock() {
    try (MemoryStack frame = stack.push()) {
      int byteSize = (int) Libc.TIMESPEC.byteSize();
      return Libc.clock(Libc.memory(frame.nmalloc(Long.BYTES, byteSize), byteSize));
    }
  }

  @Override
  public long ldiv(long dividend, long divisor) {
    try (MemoryStack frame = stack.push()) {
      return Libc.ldiv(
          (byteSize, alignment) ->
              Libc.memory(frame.nmalloc((int) alignment, (int) byteSize), byteSize),
          dividend,
          divisor);
    }
  }

  @Override
  public void close() {
    stack.setPointer(stack.getSize());
  }
}
