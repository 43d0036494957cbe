package io.stackkit.api.segmented;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.stackkit.api.StackExhaustedException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What stacks and frames refuse, and that nothing has changed then.
class StackRefusalTest {

  private static final StackSettings NO_SPARE = StackSettings.defaults().withSpare(false);

  private final FakeAllocator allocator = new FakeAllocator(4096);

  @AfterEach
  void nothingIsLeft() {
    assertThat(allocator.inUse()).as("segments in use").isZero();
    assertThat(allocator.largeInUse()).as("large segments in use").isZero();
    allocator.close();
  }

  @ParameterizedTest
  @CsvSource({"-1, 1", "1, 0", "1, -1", "1, 3", "1, -9223372036854775808"})
  void refusesBadSizesAndAlignments(long byteSize, long byteAlignment) {
    try (SegmentedStack stack = SegmentedStack.on(allocator);
        StackFrame frame = stack.push()) {
      long before = frame.allocate(8, 8).address();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> frame.allocate(byteSize, byteAlignment))
          .withMessageContaining(String.valueOf(byteSize < 0 ? byteSize : byteAlignment));
      assertThat(frame.allocate(8, 8).address()).isEqualTo(before + 8);
    }
  }

  @ParameterizedTest
  @CsvSource({"9223372036854775807, 1", "1, 4611686018427387904", "9223372036854775807, 4096"})
  void refusesWhatNoMachineHas(long byteSize, long byteAlignment) {
    try (SegmentedStack stack = SegmentedStack.on(allocator);
        StackFrame frame = stack.push()) {
      frame.allocate(8);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> frame.allocate(byteSize, byteAlignment))
          .withMessageContaining("byteSize: %d with byteAlignment: %d ", byteSize, byteAlignment)
          .withMessageContaining("which the allocator refuses: byteSize: ")
          .withCauseInstanceOf(IllegalArgumentException.class);
      assertThat(stack.heldBytes()).isEqualTo(4096);
    }
  }

  @Test
  void framesCloseInReverseOrder() {
    try (SegmentedStack stack = SegmentedStack.on(allocator);
        StackFrame first = stack.push()) {
      StackFrame second = stack.push();
      StackFrame third = stack.push();
      MemorySegment memory = third.allocate(8);
      assertThatIllegalStateException()
          .isThrownBy(first::close)
          .withMessageContaining("frame at depth 1 cannot be closed")
          .withMessageContaining("frame at depth 3");
      assertThatIllegalStateException()
          .isThrownBy(() -> second.allocate(8))
          .withMessageContaining("frame at depth 2 cannot allocate")
          .withMessageContaining("frame at depth 3");
      assertThat(stack.depth()).isEqualTo(3);
      assertThat(third.allocate(8).address()).isEqualTo(memory.address() + 8);
      third.close();
      second.close();
    }
  }

  @Test
  void aClosedFrameIsOfNoUse() {
    try (SegmentedStack stack = SegmentedStack.on(allocator);
        StackFrame outer = stack.push()) {
      StackFrame frame = stack.push();
      frame.close();
      assertThatIllegalStateException()
          .isThrownBy(frame::close)
          .withMessageContaining("frame at depth 2 is closed");
      assertThatIllegalStateException()
          .isThrownBy(() -> frame.allocate(1))
          .withMessageContaining("frame at depth 2 is closed");
      assertThat(outer.allocate(1).byteSize()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("a frame that was closed is refused even while its depth is open again")
  void aClosedFrameIsNotTheNextOneOfItsDepth() {
    try (SegmentedStack stack = SegmentedStack.on(allocator);
        StackFrame outer = stack.push()) {
      outer.allocate(64);
      StackFrame closed = stack.push();
      closed.close();
      try (StackFrame next = stack.push()) {
        long address = next.allocate(8).address();
        assertThatIllegalStateException()
            .isThrownBy(closed::close)
            .withMessageContaining("frame at depth 2 is closed");
        assertThatIllegalStateException().isThrownBy(() -> closed.allocate(1));
        assertThat(next.allocate(8).address()).isEqualTo(address + 8);
        try (StackFrame inner = stack.push()) {
          assertThatIllegalStateException()
              .isThrownBy(closed::close)
              .withMessageContaining("each once");
          assertThat(inner.depth()).isEqualTo(3);
        }
      }
      assertThat(outer.allocate(8).byteSize()).isEqualTo(8);
    }
  }

  @Test
  void aClosedStackIsOfNoUse() {
    SegmentedStack stack = SegmentedStack.on(allocator);
    StackFrame frame = stack.push();
    frame.allocate(10_000);
    stack.close();
    stack.close();
    assertThatIllegalStateException().isThrownBy(stack::push).withMessageContaining("closed");
    assertThatIllegalStateException().isThrownBy(() -> frame.allocate(1));
    assertThatIllegalStateException().isThrownBy(frame::close);
    assertThatIllegalStateException().isThrownBy(stack::depth);
  }

  @ParameterizedTest(name = "refused at request {0}")
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  @DisplayName("a refusal in the middle of a frame leaves the stack as it was")
  void refusalMidFrame(int after) {
    try (SegmentedStack stack = SegmentedStack.on(allocator, NO_SPARE);
        StackFrame frame = stack.push()) {
      allocator.refuseAfter(after);
      List<MemorySegment> memories = new ArrayList<>();
      long[] sizes = {3000, 3000, 9000, 3000, 9000, 3000};
      for (long size : sizes) {
        if (memories.size() < after) {
          memories.add(frame.allocate(size, 1).fill((byte) memories.size()));
        }
      }
      long held = stack.heldBytes();
      assertThatExceptionOfType(StackExhaustedException.class)
          .isThrownBy(() -> frame.allocate(sizes[after], 1));
      assertThat(stack.heldBytes()).isEqualTo(held);
      if (after > 0) {
        // what is left of the current segment is still there
        frame.allocate(1000, 1).fill((byte) 99);
      }
      allocator.refuseNoMore();
      frame.allocate(sizes[after], 1).fill((byte) 99);
      for (int i = 0; i < memories.size(); i++) {
        byte[] bytes = memories.get(i).toArray(ValueLayout.JAVA_BYTE);
        assertThat(bytes[0]).isEqualTo((byte) i);
        assertThat(bytes[bytes.length - 1]).isEqualTo((byte) i);
      }
    }
  }

  @Test
  void holdsNoMoreThanItsLimit() {
    StackSettings settings = StackSettings.defaults().withMaxBytes(3 * 4096);
    try (SegmentedStack stack = SegmentedStack.on(allocator, settings);
        StackFrame outer = stack.push()) {
      outer.allocate(4000);
      try (StackFrame inner = stack.push()) {
        inner.allocate(4000);
        inner.allocate(4000);
        assertThatExceptionOfType(StackLimitException.class)
            .isThrownBy(() -> inner.allocate(4000))
            .withMessage(
                "maxBytes: 12k reached by a stack of 2 frames: requested 4k, held 12k;"
                    + " close frames or raise maxBytes")
            .satisfies(e -> assertThat(e.limitBytes()).isEqualTo(12288))
            .satisfies(e -> assertThat(e.heldBytes()).isEqualTo(12288))
            .satisfies(e -> assertThat(e.requestedBytes()).isEqualTo(4096));
      }
      // the spare makes room for a large one
      assertThat(stack.heldBytes()).isEqualTo(2 * 4096);
      outer.allocate(8000).fill((byte) 1);
      assertThat(stack.heldBytes()).isLessThanOrEqualTo(3 * 4096);
    }
  }

  @Test
  @DisplayName("a large segment counts as what the allocator hands out")
  void theLimitHoldsForRoundedSizes() {
    StackSettings settings = StackSettings.defaults().withMaxBytes(1 << 20);
    try (SegmentedStack stack = SegmentedStack.on(allocator, settings);
        StackFrame frame = stack.push()) {
      frame.allocate(8);
      assertThatExceptionOfType(StackLimitException.class)
          .isThrownBy(() -> frame.allocate(600_000))
          .withMessageContaining("requested 1m, held 4k")
          .satisfies(e -> assertThat(e.requestedBytes()).isEqualTo(1 << 20))
          .satisfies(e -> assertThat(e.heldBytes()).isEqualTo(4096));
      assertThat(stack.heldBytes()).isEqualTo(4096);
      assertThat(allocator.largeInUse()).isZero();
      frame.allocate(500_000).fill((byte) 1);
      assertThat(stack.heldBytes()).isEqualTo(4096 + (1 << 19));
    }
  }

  @Test
  void theSpareMakesRoomForARoundedSize() {
    StackSettings settings = StackSettings.defaults().withMaxBytes(4096 + 16384);
    try (SegmentedStack stack = SegmentedStack.on(allocator, settings);
        StackFrame outer = stack.push()) {
      outer.allocate(4000);
      try (StackFrame inner = stack.push()) {
        inner.allocate(4000);
      }
      assertThat(stack.heldBytes()).isEqualTo(2 * 4096);
      outer.allocate(9000).fill((byte) 1);
      assertThat(stack.heldBytes()).isEqualTo(4096 + 16384);
    }
  }

  @Test
  @DisplayName("an error while a large segment is looked at, or given back, loses nothing")
  void errorsLoseNoLargeSegment() {
    StackSettings settings = StackSettings.defaults().withMaxBytes(1 << 20);
    try (SegmentedStack stack = SegmentedStack.on(allocator, settings)) {
      try (StackFrame frame = stack.push()) {
        frame.allocate(8);
        allocator.failNextSize(new StackOverflowError());
        assertThatExceptionOfType(StackOverflowError.class)
            .isThrownBy(() -> frame.allocate(10_000));
        assertThat(allocator.largeInUse()).isZero();
        assertThat(stack.heldBytes()).isEqualTo(4096);

        allocator.failNextFree(new StackOverflowError());
        assertThatExceptionOfType(StackOverflowError.class)
            .isThrownBy(() -> frame.allocate(600_000));
        assertThat(stack.heldBytes()).as("recorded").isEqualTo(4096 + (1 << 20));
        frame.allocate(4096).fill((byte) 1);
        assertThat(stack.heldBytes()).as("made room").isEqualTo(2 * 4096);

        allocator.failNextFree(new StackOverflowError());
        assertThatExceptionOfType(StackOverflowError.class)
            .isThrownBy(() -> frame.allocate(1_040_000));
        frame.allocate(10_000).fill((byte) 1);
        assertThat(allocator.largeInUse()).as("without the surplus").isEqualTo(1);
      }
    }
  }

  @Test
  void anErrorLeavesNoLargeSegmentInAPool() {
    StackSettings settings = StackSettings.defaults().withMaxBytes(1 << 20);
    try (StackPool pool = StackPool.on(allocator, settings)) {
      try (StackFrame frame = pool.push()) {
        frame.allocate(8);
        allocator.failNextFree(new StackOverflowError());
        assertThatExceptionOfType(StackOverflowError.class)
            .isThrownBy(() -> frame.allocate(600_000));
        assertThat(allocator.largeInUse()).isEqualTo(1);
      }
      assertThat(allocator.largeInUse()).isZero();
    }
  }

  @Test
  void checksItsSettings() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StackSettings.defaults().withMaxBytes(0))
        .withMessageContaining("maxBytes: 0 (must be >= 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SegmentedStack.on(allocator, StackSettings.defaults().withMaxBytes(4095)))
        .withMessageContaining("maxBytes: 4095 (must be >= segmentSize: 4096");
  }
}
