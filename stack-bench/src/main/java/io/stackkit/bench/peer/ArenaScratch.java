package io.stackkit.bench.peer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// Every way whose frame is an [Arena]: the kit's `pushArena()`, `Arena.ofConfined()`, and the
/// JDK's internal stack.
final class ArenaScratch implements Scratch {

  /// Opens a frame.
  interface Opener {
    /// Opens an arena for at least that many bytes.
    Arena open(long byteSize);

    /// Gives back what the opener holds.
    default void close() {}
  }

  private final Opener opener;
  private final boolean clears;
  private @Nullable Arena base;

  ArenaScratch(Opener opener) {
    this(opener, false);
  }

  /// Makes one that may have to clear memory itself, where the arena does not.
  ArenaScratch(Opener opener, boolean clears) {
    this.opener = opener;
    this.clears = clears;
  }

  @Override
  public void base(long byteSize) {
    base = opener.open(byteSize);
    base.allocate(byteSize, Long.BYTES);
  }

  @Override
  public long recurse(int levels) {
    try (Arena frame = opener.open(FRAME_BYTES)) {
      MemorySegment memory = frame.allocate(FRAME_BYTES, Long.BYTES);
      if (clears) {
        memory.fill((byte) 0);
      }
      memory.set(ValueLayout.JAVA_LONG, 0, levels);
      long below = levels == 1 ? 0 : recurse(levels - 1);
      return below + memory.get(ValueLayout.JAVA_LONG, 0);
    }
  }

  @Override
  public long clock() {
    try (Arena frame = opener.open(Libc.TIMESPEC.byteSize())) {
      return Libc.clock(frame.allocate(Libc.TIMESPEC));
    }
  }

  @Override
  public long ldiv(long dividend, long divisor) {
    try (Arena frame = opener.open(Libc.LDIV.byteSize())) {
      return Libc.ldiv(frame, dividend, divisor);
    }
  }

  @Override
  public void close() {
    if (base != null) {
      base.close();
    }
    opener.close();
  }
}
