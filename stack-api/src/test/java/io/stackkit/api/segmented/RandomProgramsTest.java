package io.stackkit.api.segmented;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.stackkit.api.StackExhaustedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random programs on a stack beside a model of byte arrays. What a frame allocated holds its bytes
/// until the frame closes, so nothing overlaps and nothing is given away too early.
class RandomProgramsTest {

  /// Bytes that a program may write, so that large segments do not take minutes.
  private static final long WORK = 64 << 20;

  /// @param expected on the heap
  private record Block(MemorySegment memory, MemorySegment expected) {}

  private record Level(SegmentAllocator allocator, AutoCloseable close, List<Block> blocks) {}

  private final Deque<Level> levels = new ArrayDeque<>();

  @ParameterizedTest(name = "segments of {0} bytes")
  @ValueSource(
      longs = {
        256, 320, 512, 1024, 4096, 8192, 16384, 32768, 65536, 131072, 262144, 524288, 1 << 20
      })
  void agreesWithTheModel(long segmentSize) throws Exception {
    for (boolean spare : new boolean[] {true, false}) {
      FakeAllocator allocator = new FakeAllocator(segmentSize);
      try (SegmentedStack stack =
          SegmentedStack.on(allocator, StackSettings.defaults().withSpare(spare))) {
        Random random = new Random(segmentSize + (spare ? 1 : 0));
        long steps = Math.clamp(WORK / segmentSize, 300, 5000);
        for (long step = 0; step < steps; step++) {
          step(random, stack, allocator, segmentSize);
          assertThat(stack.depth()).isEqualTo(levels.size());
        }
        while (!levels.isEmpty()) {
          closeInnermost();
        }
        assertThat(allocator.inUse()).isLessThanOrEqualTo(1);
        assertThat(allocator.largeInUse()).isZero();
      }
      assertThat(allocator.inUse()).isZero();
      allocator.close();
    }
  }

  private void step(Random random, SegmentedStack stack, FakeAllocator allocator, long segmentSize)
      throws Exception {
    int dice = random.nextInt(100);
    if (levels.isEmpty() || dice < 20) {
      push(random, stack);
    } else if (dice < 38) {
      closeInnermost();
    } else if (dice < 42) {
      closeOutOfOrder();
    } else if (dice < 46) {
      allocator.refuseAfter(0);
      refusedOrFits(random, segmentSize);
      allocator.refuseNoMore();
    } else {
      allocate(random, segmentSize);
    }
  }

  private void push(Random random, SegmentedStack stack) {
    if (random.nextInt(4) == 0) {
      Arena arena = stack.pushArena();
      levels.push(new Level(arena, arena, new ArrayList<>()));
    } else {
      StackFrame frame = stack.push();
      levels.push(new Level(frame, frame, new ArrayList<>()));
    }
  }

  private void closeInnermost() throws Exception {
    Level level = levels.pop();
    for (Block block : level.blocks()) {
      assertThat(block.memory().mismatch(block.expected())).isEqualTo(-1);
    }
    level.close().close();
    if (level.allocator() instanceof Arena) {
      for (Block block : level.blocks()) {
        assertThat(block.memory().scope().isAlive()).isFalse();
      }
    }
  }

  private void closeOutOfOrder() {
    if (levels.size() > 1) {
      Level outer = levels.peekLast();
      assertThatIllegalStateException()
          .isThrownBy(() -> outer.close().close())
          .withMessageContaining("at depth 1 cannot be closed")
          .withMessageContaining("at depth " + levels.size());
      assertThatIllegalStateException().isThrownBy(() -> outer.allocator().allocate(1));
    }
  }

  private void refusedOrFits(Random random, long segmentSize) {
    try {
      allocate(random, segmentSize);
    } catch (StackExhaustedException e) {
      assertThat(e.requestedBytes()).isPositive();
    }
  }

  private void allocate(Random random, long segmentSize) {
    int size =
        switch (random.nextInt(10)) {
          case 0 -> 0;
          case 1 -> (int) segmentSize;
          case 2 -> (int) segmentSize + 1 + random.nextInt(1000);
          case 3 -> random.nextInt((int) segmentSize);
          default -> random.nextInt((int) Math.min(segmentSize, 600));
        };
    long alignment = 1L << random.nextInt(random.nextInt(8) == 0 ? 14 : 7);
    Level level = levels.peek();
    MemorySegment memory = level.allocator().allocate(size, alignment);
    assertThat(memory.byteSize()).isEqualTo(size);
    assertThat(memory.address() % alignment).isZero();
    if (level.allocator() instanceof Arena) {
      assertThat(memory.mismatch(MemorySegment.ofArray(new byte[size]))).isEqualTo(-1);
    }
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, size);
    level.blocks().add(new Block(memory, MemorySegment.ofArray(bytes)));
  }
}
