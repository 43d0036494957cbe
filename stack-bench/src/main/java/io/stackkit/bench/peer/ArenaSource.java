package io.stackkit.bench.peer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Supplier;

/// An arena per block, the JDK's plain way.
final class ArenaSource implements BlockSource {

  private final Supplier<Arena> opener;

  ArenaSource(Supplier<Arena> opener) {
    this.opener = opener;
  }

  @Override
  public Hand hand() {
    return new ArenaHand(opener);
  }

  @Override
  public void close() {
    // Every block was an arena of its own.
  }

  private static final class ArenaHand extends ObjectHand<ArenaHand.Block> {

    private final Supplier<Arena> opener;

    ArenaHand(Supplier<Arena> opener) {
      this.opener = opener;
    }

    @Override
    Block allocate() {
      Arena arena = opener.get();
      return new Block(arena, arena.allocate(BLOCK_BYTES, Long.BYTES));
    }

    @Override
    void touch(Block block) {
      block.memory.set(ValueLayout.JAVA_LONG, 0, 1);
    }

    @Override
    void free(Block block) {
      block.arena.close();
    }

    record Block(Arena arena, MemorySegment memory) {}
  }
}
