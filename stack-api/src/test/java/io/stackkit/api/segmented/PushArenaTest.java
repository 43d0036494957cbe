package io.stackkit.api.segmented;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stackkit.api.StackExhaustedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PushArenaTest {

  private final FakeAllocator allocator = new FakeAllocator(4096);
  private final SegmentedStack stack = SegmentedStack.on(allocator);

  @AfterEach
  void nothingIsLeft() {
    stack.close();
    assertThat(allocator.inUse()).as("segments in use").isZero();
    assertThat(allocator.largeInUse()).as("large segments in use").isZero();
    assertThat(allocator.leases()).as("leases").isZero();
    allocator.close();
  }

  @Test
  void memoryDiesWithTheArena() {
    MemorySegment small;
    MemorySegment large;
    try (Arena arena = stack.pushArena()) {
      small = arena.allocate(8);
      large = arena.allocate(10_000, 64);
      assertThat(arena.scope().isAlive()).isTrue();
      assertThat(small.scope()).isEqualTo(arena.scope());
      small.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
      large.set(ValueLayout.JAVA_BYTE, 9_999, (byte) 1);
    }
    assertThatIllegalStateException().isThrownBy(() -> small.get(ValueLayout.JAVA_BYTE, 0));
    assertThatIllegalStateException().isThrownBy(() -> large.get(ValueLayout.JAVA_BYTE, 0));
    assertThat(allocator.largeInUse()).isZero();
  }

  @Test
  void memoryIsConfinedToTheThread() throws Exception {
    try (Arena arena = stack.pushArena()) {
      MemorySegment memory = arena.allocate(8);
      CompletableFuture<Byte> other =
          CompletableFuture.supplyAsync(() -> memory.get(ValueLayout.JAVA_BYTE, 0));
      assertThat(other.handle((value, e) -> e.getCause()).get())
          .isInstanceOf(WrongThreadException.class);
    }
  }

  @Test
  void memoryIsZeroed() {
    for (long size : new long[] {1, 7, 8, 100, 4000, 4096, 4097, 50_000}) {
      try (StackFrame frame = stack.push()) {
        frame.allocate(size).fill((byte) 0x55);
      }
      try (Arena arena = stack.pushArena()) {
        MemorySegment memory = arena.allocate(size);
        assertThat(memory.mismatch(MemorySegment.ofArray(new byte[(int) size]))).isEqualTo(-1);
      }
    }
  }

  @Test
  void memoryIsAsItWasIfTheSettingsSaySo() {
    try (SegmentedStack dirty =
        SegmentedStack.on(allocator, StackSettings.defaults().withZeroArenas(false))) {
      try (StackFrame frame = dirty.push()) {
        frame.allocate(64).fill((byte) 0x55);
      }
      try (Arena arena = dirty.pushArena()) {
        assertThat(arena.allocate(64).get(ValueLayout.JAVA_BYTE, 63)).isEqualTo((byte) 0x55);
      }
    }
  }

  @Test
  void nestsWithFrames() {
    try (StackFrame outer = stack.push()) {
      long address = outer.allocate(16, 16).address();
      try (Arena arena = stack.pushArena()) {
        MemorySegment middle = arena.allocate(16, 16);
        assertThat(middle.address()).isEqualTo(address + 16);
        try (StackFrame inner = stack.push()) {
          assertThat(inner.allocate(16, 16).address()).isEqualTo(address + 32);
          try (Arena innermost = stack.pushArena()) {
            innermost.allocate(4000).fill((byte) 1);
          }
        }
        middle.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
      }
      assertThat(outer.allocate(16, 16).address()).isEqualTo(address + 16);
    }
  }

  @Test
  void closesInOrderOnly() {
    Arena outer = stack.pushArena();
    MemorySegment memory = outer.allocate(8);
    StackFrame frame = stack.push();
    Arena inner = stack.pushArena();
    assertThatIllegalStateException()
        .isThrownBy(outer::close)
        .withMessageContaining("arena at depth 1 cannot be closed")
        .withMessageContaining("the arena at depth 3 is open");
    assertThatIllegalStateException()
        .isThrownBy(() -> outer.allocate(1))
        .withMessageContaining("arena at depth 1 cannot allocate");
    assertThatIllegalStateException().isThrownBy(frame::close);
    memory.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
    inner.close();
    assertThatIllegalStateException()
        .isThrownBy(outer::close)
        .withMessageContaining("the frame at depth 2 is open");
    frame.close();
    outer.close();
    assertThat(memory.scope().isAlive()).isFalse();
  }

  @Test
  void aClosedArenaIsFoundEvenIfItsDepthIsOpenAgain() {
    Arena first = stack.pushArena();
    first.close();
    try (Arena second = stack.pushArena()) {
      assertThatIllegalStateException()
          .isThrownBy(first::close)
          .withMessageContaining("arena at depth 1 is closed");
      assertThatIllegalStateException().isThrownBy(() -> first.allocate(1));
      assertThat(second.allocate(1).byteSize()).isEqualTo(1);
    }
    try (StackFrame plain = stack.push()) {
      assertThatIllegalStateException().isThrownBy(first::close);
      assertThat(plain.allocate(1).byteSize()).isEqualTo(1);
    }
  }

  @Test
  void aClosedFrameCannotReachAnArenaAtItsDepth() {
    StackFrame frame = stack.push();
    frame.close();
    try (Arena arena = stack.pushArena()) {
      assertThatIllegalStateException()
          .isThrownBy(frame::close)
          .withMessageContaining("frame at depth 1 is closed");
      assertThatIllegalStateException().isThrownBy(() -> frame.allocate(1));
      assertThat(arena.allocate(1).byteSize()).isEqualTo(1);
    }
  }

  @Test
  void anOpenArenaKeepsItsStackOpen() {
    try (Arena arena = stack.pushArena();
        StackFrame frame = stack.push()) {
      frame.allocate(1);
      assertThatIllegalStateException()
          .isThrownBy(stack::close)
          .withMessageContaining("arena at depth 1");
      assertThat(stack.depth()).isEqualTo(2);
      assertThat(arena.scope().isAlive()).isTrue();
    }
  }

  @Test
  void memoryOutlivesAnAllocatorThatIsClosedTooEarly() {
    FakeAllocator closing = new FakeAllocator(4096);
    SegmentedStack early = SegmentedStack.on(closing);
    Arena arena = early.pushArena();
    MemorySegment memory = arena.allocate(8);
    closing.close();
    memory.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
    assertThat(closing.leases()).isEqualTo(1);
    arena.close();
    assertThatIllegalStateException().isThrownBy(early::close);
    assertThat(closing.leases()).isZero();
  }

  @Test
  void aRefusalLeavesTheArenaAsItWas() {
    try (Arena arena = stack.pushArena()) {
      MemorySegment memory = arena.allocate(4000);
      allocator.refuseAfter(0);
      assertThatExceptionOfType(StackExhaustedException.class)
          .isThrownBy(() -> arena.allocate(4000));
      assertThatIllegalArgumentException().isThrownBy(() -> arena.allocate(-1));
      assertThatIllegalArgumentException().isThrownBy(() -> arena.allocate(1, 3));
      memory.fill((byte) 1);
      assertThat(arena.allocate(8, 1).address()).isEqualTo(memory.address() + 4000);
      allocator.refuseNoMore();
    }
  }

  @Test
  @SuppressWarnings("restricted")
  void runsCleanupActionsOfOthers() {
    AtomicInteger cleanups = new AtomicInteger();
    try (Arena arena = stack.pushArena()) {
      MemorySegment.NULL.reinterpret(8, arena, _ -> cleanups.incrementAndGet());
      assertThat(arena.allocateFrom("text").getString(0)).isEqualTo("text");
      assertThat(cleanups).hasValue(0);
    }
    assertThat(cleanups).hasValue(1);
    assertThat(stack.depth()).isZero();
  }

  @Test
  @DisplayName("an arena whose cleanup action throws is closed all the same, by one close")
  void aCleanupActionThatThrows() {
    for (Throwable failure : List.of(new IllegalCallerException("own"), new AssertionError())) {
      try (StackFrame outer = stack.push()) {
        long address = outer.allocate(8, 8).address();
        assertThatThrownBy(() -> closeWith(() -> doThrow(failure))).isSameAs(failure);
        assertThat(stack.depth()).isEqualTo(1);
        assertThat(allocator.largeInUse()).isZero();
        assertThat(outer.allocate(8, 8).address()).isEqualTo(address + 8);
      }
    }
  }

  @Test
  void aCleanupActionThatThrowsInAPoolLeavesNothingBorrowed() {
    try (StackPool pool = StackPool.on(allocator)) {
      assertThatThrownBy(
              () -> {
                try (Arena arena = pool.pushArena()) {
                  addCleanup(arena, () -> doThrow(new IllegalCallerException("own")));
                }
              })
          .isInstanceOf(IllegalCallerException.class);
      try (StackFrame frame = pool.push()) {
        assertThat(frame.depth()).isEqualTo(1);
      }
    }
  }

  @Test
  void whatGivingBackThrowsIsSuppressedByWhatACleanupActionThrew() {
    FakeAllocator closing = new FakeAllocator(4096);
    SegmentedStack early = SegmentedStack.on(closing);
    Arena arena = early.pushArena();
    arena.allocate(10_000);
    addCleanup(arena, () -> doThrow(new IllegalCallerException("own")));
    closing.close();
    assertThatThrownBy(arena::close)
        .isInstanceOf(IllegalCallerException.class)
        .satisfies(
            e -> assertThat(e.getSuppressed()).hasOnlyElementsOfType(IllegalStateException.class))
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(early.depth()).isZero();
    early.close();
  }

  @Test
  @DisplayName("a cleanup action that leaves a frame open keeps the arena open, even if it throws")
  void aCleanupActionThatLeavesAFrameOpen() {
    for (boolean throwing : new boolean[] {false, true}) {
      List<StackFrame> left = new ArrayList<>();
      Arena arena = stack.pushArena();
      addCleanup(
          arena,
          () -> {
            left.add(stack.push());
            if (throwing) {
              doThrow(new IllegalCallerException("own"));
            }
          });
      assertThatThrownBy(arena::close)
          .isInstanceOf(throwing ? IllegalCallerException.class : IllegalStateException.class);
      assertThat(stack.depth()).isEqualTo(2);
      left.getFirst().close();
      arena.close();
      assertThat(stack.depth()).isZero();
    }
  }

  private void closeWith(Runnable cleanup) {
    try (Arena arena = stack.pushArena()) {
      arena.allocate(10_000);
      addCleanup(arena, cleanup);
    }
  }

  @SuppressWarnings("restricted")
  private static void addCleanup(Arena arena, Runnable cleanup) {
    MemorySegment _ = MemorySegment.NULL.reinterpret(8, arena, _ -> cleanup.run());
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void doThrow(Throwable failure) throws E {
    throw (E) failure;
  }
}
