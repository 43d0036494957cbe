package io.stackkit.bench.peer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/// Where the hand-made pools get blocks: cut from chunks of 128 KiB that are given back all at
/// once.
final class Chunks implements AutoCloseable {

  private static final int CHUNK_BYTES = 128 << 10;

  private final Arena arena = Arena.ofShared();
  private final AtomicLong sysBytes = new AtomicLong();

  long sysBytes() {
    return sysBytes.get();
  }

  /// One thread's supply.
  Cutter cutter() {
    return new Cutter();
  }

  @Override
  public void close() {
    arena.close();
  }

  final class Cutter {

    private MemorySegment chunk = MemorySegment.NULL;
    private long used;

    MemorySegment block() {
      if (chunk.byteSize() - used < BlockSource.BLOCK_BYTES) {
        chunk = arena.allocate(CHUNK_BYTES, BlockSource.BLOCK_BYTES);
        used = 0;
        sysBytes.addAndGet(CHUNK_BYTES);
      }
      MemorySegment block = chunk.asSlice(used, BlockSource.BLOCK_BYTES);
      used += BlockSource.BLOCK_BYTES;
      return block;
    }
  }
}
