package io.stackkit.api.segmented;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.MemoryLayout;
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

class SegmentedStackTest {

  private static final StackSettings NO_SPARE = StackSettings.defaults().withSpare(false);

  private final FakeAllocator allocator = new FakeAllocator(4096);

  @AfterEach
  void nothingIsLeft() {
    assertThat(allocator.inUse()).as("segments in use").isZero();
    assertThat(allocator.largeInUse()).as("large segments in use").isZero();
    allocator.close();
  }

  @ParameterizedTest(name = "rec({0}) takes {1} segments and gives them back")
  @CsvSource({"1, 0", "3, 0", "4, 1", "10, 3", "1024, 341"})
  void countsWhatTheCommitCounts(int depth, int expected) {
    try (SegmentedStack stack = SegmentedStack.on(allocator, NO_SPARE)) {
      rec(stack, 1);
      long allocations = allocator.allocations();
      long frees = allocator.frees();
      rec(stack, depth);
      assertThat(allocator.allocations() - allocations).isEqualTo(expected);
      assertThat(allocator.frees() - frees).isEqualTo(expected);
      assertThat(allocator.inUse()).as("the base segment").isEqualTo(1);
    }
  }

  private static void rec(SegmentedStack stack, int depth) {
    try (StackFrame frame = stack.push()) {
      frame.allocate(1040, 8).fill((byte) depth);
      if (depth > 1) {
        rec(stack, depth - 1);
      }
    }
  }

  @Test
  @DisplayName(
      "a hot split asks the allocator once, and the spare goes back with the outermost frame")
  void spare() {
    try (SegmentedStack stack = SegmentedStack.on(allocator)) {
      try (StackFrame outer = stack.push()) {
        outer.allocate(4000);
        for (int i = 0; i < 1000; i++) {
          try (StackFrame inner = stack.push()) {
            inner.allocate(200);
          }
        }
        assertThat(allocator.allocations()).isEqualTo(2);
        assertThat(allocator.inUse()).isEqualTo(2);
      }
      assertThat(allocator.inUse()).isEqualTo(1);
      assertThat(stack.heldBytes()).isEqualTo(4096);
    }
  }

  @Test
  void anIdleStackHoldsOneSegmentHoweverDeepItWas() {
    try (SegmentedStack stack = SegmentedStack.on(allocator)) {
      assertThat(stack.heldBytes()).isZero();
      rec(stack, 1000);
      assertThat(allocator.inUse()).isEqualTo(1);
      assertThat(stack.depth()).isZero();
    }
  }

  @Test
  void takesNoMemoryForFramesThatAllocateNothing() {
    try (SegmentedStack stack = SegmentedStack.on(allocator);
        StackFrame frame = stack.push()) {
      assertThat(frame.depth()).isEqualTo(1);
      assertThat(allocator.allocations()).isZero();
    }
  }

  @Test
  @DisplayName("frames that were open before the first segment free what was allocated since")
  void framesOpenBeforeTheFirstSegment() {
    try (SegmentedStack stack = SegmentedStack.on(allocator);
        StackFrame outer = stack.push()) {
      long first;
      try (StackFrame inner = stack.push()) {
        first = inner.allocate(64).address();
      }
      assertThat(outer.allocate(64).address()).isEqualTo(first);
    }
  }

  @Test
  void nestsAHundredThousandDeep() {
    try (SegmentedStack stack = SegmentedStack.on(allocator)) {
      List<StackFrame> frames = new ArrayList<>();
      List<MemorySegment> memories = new ArrayList<>();
      for (int i = 0; i < 100_000; i++) {
        StackFrame frame = stack.push();
        MemorySegment memory = frame.allocate(100, 4);
        memory.setAtIndex(ValueLayout.JAVA_INT, 24, i);
        frames.add(frame);
        memories.add(memory);
      }
      assertThat(stack.depth()).isEqualTo(100_000);
      for (int i = 99_999; i >= 0; i--) {
        assertThat(memories.get(i).getAtIndex(ValueLayout.JAVA_INT, 24)).isEqualTo(i);
        frames.get(i).close();
      }
      assertThat(allocator.inUse()).isEqualTo(1);
    }
  }

  @Test
  void aMillionStacksLeaveNothingInUse() {
    for (int i = 0; i < 1_000_000; i++) {
      try (SegmentedStack stack = SegmentedStack.on(allocator)) {
        StackFrame frame = stack.push();
        frame.allocate(16);
        if ((i & 1) == 0) {
          frame.close();
        }
      }
    }
    assertThat(allocator.inUse()).isZero();
    assertThat(allocator.sysBytes()).isEqualTo(4096);
  }

  @ParameterizedTest
  @ValueSource(longs = {256, 4096, 1 << 20})
  void honoursEveryAlignment(long segmentSize) {
    FakeAllocator sized = new FakeAllocator(segmentSize);
    try (SegmentedStack stack = SegmentedStack.on(sized)) {
      for (long alignment = 1; alignment <= 4 * segmentSize; alignment *= 2) {
        for (long size : new long[] {0, 1, 63, segmentSize - 1, segmentSize, segmentSize + 1}) {
          try (StackFrame frame = stack.push()) {
            frame.allocate(1, 1);
            MemorySegment memory = frame.allocate(size, alignment);
            assertThat(memory.byteSize()).isEqualTo(size);
            assertThat(memory.address() % alignment).as("%d at %d", size, alignment).isZero();
            memory.fill((byte) 1);
          }
        }
      }
    }
    assertThat(sized.inUse() + sized.largeInUse()).isZero();
    sized.close();
  }

  @Test
  void largeSegmentsGoWithTheirFrame() {
    try (SegmentedStack stack = SegmentedStack.on(allocator);
        StackFrame outer = stack.push()) {
      outer.allocate(100_000).fill((byte) 1);
      try (StackFrame inner = stack.push()) {
        for (int i = 0; i < 20; i++) {
          inner.allocate(5000).fill((byte) 2);
        }
        assertThat(allocator.largeInUse()).isEqualTo(21);
      }
      assertThat(allocator.largeInUse()).isEqualTo(1);
      assertThat(stack.heldBytes()).isGreaterThanOrEqualTo(100_000);
    }
  }

  @Test
  void whatSegmentAllocatorOffers() {
    MemoryLayout point =
        MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("x"), ValueLayout.JAVA_INT.withName("y"));
    try (SegmentedStack stack = SegmentedStack.on(allocator);
        StackFrame frame = stack.push()) {
      assertThat(frame.allocateFrom("grüße").getString(0)).isEqualTo("grüße");
      assertThat(frame.allocateFrom(ValueLayout.JAVA_LONG, 42L).get(ValueLayout.JAVA_LONG, 0))
          .isEqualTo(42);
      assertThat(frame.allocate(point).byteSize()).isEqualTo(8);
      assertThat(frame.allocate(point, 5).byteSize()).isEqualTo(40);
      assertThat(
              frame
                  .allocateFrom(ValueLayout.JAVA_DOUBLE, 1.5, 2.5)
                  .toArray(ValueLayout.JAVA_DOUBLE))
          .containsExactly(1.5, 2.5);
      int[] large = new int[10_000];
      large[9_999] = 7;
      assertThat(frame.allocateFrom(ValueLayout.JAVA_INT, large).toArray(ValueLayout.JAVA_INT))
          .isEqualTo(large);
      assertThat(frame.allocate(0).byteSize()).isZero();
      assertThat(frame.allocate(0).address()).isNotZero();
    }
  }

  @Test
  @DisplayName("a large segment before the first one changes nothing for frames below")
  void largeSegmentFirst() {
    try (SegmentedStack stack = SegmentedStack.on(allocator);
        StackFrame outer = stack.push()) {
      outer.allocate(10_000).fill((byte) 1);
      long base;
      try (StackFrame middle = stack.push();
          StackFrame inner = stack.push()) {
        assertThat(middle.depth()).isEqualTo(2);
        inner.allocate(10_000).fill((byte) 2);
        base = inner.allocate(3000).fill((byte) 2).address();
        inner.allocate(3000).fill((byte) 2);
        assertThat(allocator.inUse()).isEqualTo(2);
        assertThat(allocator.largeInUse()).isEqualTo(2);
      }
      assertThat(allocator.largeInUse()).isEqualTo(1);
      assertThat(outer.allocate(8).address()).isEqualTo(base);
    }
  }

  @Test
  @DisplayName("a frame that went to the spare may take any more, and gives all of it back")
  void beyondTheSpare() {
    try (SegmentedStack stack = SegmentedStack.on(allocator);
        StackFrame outer = stack.push()) {
      outer.allocate(4000);
      for (int more = 0; more < 5; more++) {
        try (StackFrame middle = stack.push()) {
          middle.allocate(96, 1).fill((byte) 9);
          try (StackFrame inner = stack.push()) {
            inner.allocate(200).fill((byte) 1); // the spare, from the second time on
            for (int i = 0; i < more; i++) {
              inner.allocate(4000).fill((byte) 1);
              inner.allocate(8000).fill((byte) 1);
            }
            rec(stack, more + 1);
          }
          assertThat(allocator.largeInUse()).isZero();
          assertThat(allocator.inUse()).as("segments after %d", more).isEqualTo(2);
        }
      }
    }
  }

  @Test
  void theAllocatorMayBeClosedFirst() {
    FakeAllocator closing = new FakeAllocator(4096);
    SegmentedStack stack = SegmentedStack.on(closing, NO_SPARE);
    StackFrame outer = stack.push();
    MemorySegment memory = outer.allocate(4000);
    StackFrame inner = stack.push();
    inner.allocate(4000);
    closing.close();
    assertThatIllegalStateException().isThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, 0));
    assertThatIllegalStateException().isThrownBy(() -> inner.allocate(4000));
    assertThatIllegalStateException().isThrownBy(stack::close);
    stack.close();
    assertThatIllegalStateException().isThrownBy(stack::push).withMessageContaining("closed");
  }
}
