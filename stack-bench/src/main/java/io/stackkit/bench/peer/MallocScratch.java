package io.stackkit.bench.peer;

/// `malloc` and `free` by downcalls for every frame.
final class MallocScratch implements Scratch {

  private long base;

  @Override
  public void base(long byteSize) {
    base = Libc.malloc(byteSize);
  }

  @Override
  public long recurse(int levels) {
    long memory = Libc.malloc(FRAME_BYTES);
    try {
      Libc.putLong(memory, levels);
      long below = levels == 1 ? 0 : recurse(levels - 1);
      return below + Libc.getLong(memory);
    } finally {
      Libc.free(memory);
    }
  }

  @Override
  public long clock() {
    long byteSize = Libc.TIMESPEC.byteSize();
    long memory = Libc.malloc(byteSize);
    try {
      return Libc.clock(Libc.memory(memory, byteSize));
    } finally {
      Libc.free(memory);
    }
  }

  @Override
  public long ldiv(long dividend, long divisor) {
    long memory = Libc.malloc(Libc.LDIV.byteSize());
    try {
      return Libc.ldiv((byteSize, alignment) -> Libc.memory(memory, byteSize), dividend, divisor);
    } finally {
      Libc.free(memory);
    }
  }

  @Override
  public void close() {
    Libc.free(base); // free(NULL) is allowed
  }
}
