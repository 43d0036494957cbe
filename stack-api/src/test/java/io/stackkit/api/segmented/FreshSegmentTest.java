package io.stackkit.api.segmented;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.Zeroing;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A frame that takes one fresh segment and gives one back, as in every deep recursion, has a way
/// of its own; here is what is next to it and must not go that way.
class FreshSegmentTest {

  private static final int SEGMENT = 4096;
  private static final StackSettings NO_SPARE = StackSettings.defaults().withSpare(false);

  private final FakeAllocator allocator = new FakeAllocator(SEGMENT);
  private final FakeAllocator zeroing =
      new FakeAllocator(AllocatorOptions.builder().zeroing(Zeroing.ON_FREE).build());

  @AfterEach
  void close() {
    allocator.close();
    zeroing.close();
  }

  @ParameterizedTest(name = "{0} segments")
  @ValueSource(ints = {1, 2, 3})
  void allThatAFrameTookGoesBack(int segments) {
    try (SegmentedStack stack = SegmentedStack.on(allocator, NO_SPARE);
        StackFrame outer = stack.push()) {
      outer.allocate(4000);
      for (int i = 0; i < 3; i++) {
        try (StackFrame inner = stack.push()) {
          for (int taken = 0; taken < segments; taken++) {
            inner.allocate(4000);
          }
          assertThat(stack.heldBytes()).isEqualTo((1L + segments) * SEGMENT);
        }
        assertThat(allocator.inUse()).isEqualTo(1);
        assertThat(stack.heldBytes()).isEqualTo(SEGMENT);
      }
    }
  }

  @Test
  void aLargeSegmentGoesBackWithIt() {
    try (SegmentedStack stack = SegmentedStack.on(allocator, NO_SPARE);
        StackFrame outer = stack.push()) {
      outer.allocate(4000);
      try (StackFrame inner = stack.push()) {
        inner.allocate(4000);
        inner.allocate(100_000);
      }
      assertThat(allocator.largeInUse()).isZero();
      assertThat(allocator.inUse()).isEqualTo(1);
    }
  }

  @Test
  void theFirstSegmentIsFreeFromItsBeginningAfterAFrameThatWasOpenBeforeIt() {
    try (SegmentedStack stack = SegmentedStack.on(allocator, NO_SPARE);
        StackFrame outer = stack.push()) {
      long first;
      try (StackFrame inner = stack.push()) {
        first = inner.allocate(3000).address();
        inner.allocate(3000);
      }
      assertThat(outer.allocate(4000).address()).isEqualTo(first);
      assertThat(stack.heldBytes()).isEqualTo(SEGMENT);
    }
  }

  @Test
  void clearsWhatItLeavesInTheSegmentBefore() {
    try (SegmentedStack stack = SegmentedStack.on(zeroing, NO_SPARE);
        StackFrame outer = stack.push()) {
      outer.allocate(100);
      MemorySegment used;
      try (StackFrame inner = stack.push()) {
        used = inner.allocate(1000).fill((byte) 1);
        inner.allocate(4000);
      }
      assertCleared(used);
    }
  }

  @Test
  void clearsWhatLaterFramesUseOfIt() {
    try (SegmentedStack stack = SegmentedStack.on(zeroing, NO_SPARE);
        StackFrame outer = stack.push()) {
      outer.allocate(4000);
      try (StackFrame inner = stack.push()) {
        inner.allocate(3000);
        MemorySegment used;
        try (StackFrame last = stack.push()) {
          used = last.allocate(500).fill((byte) 1);
        }
        assertCleared(used);
      }
    }
  }

  private static void assertCleared(MemorySegment memory) {
    byte[] zeros = new byte[(int) memory.byteSize()];
    assertThat(memory.mismatch(MemorySegment.ofArray(zeros))).isEqualTo(-1);
  }

  @Test
  void whatAnErrorKeptIsUsedAndThenGivenBack() {
    try (SegmentedStack stack = SegmentedStack.on(allocator, NO_SPARE);
        StackFrame outer = stack.push()) {
      outer.allocate(4000);
      closeWithAnError(stack, 2);
      assertThat(allocator.inUse()).isEqualTo(3);
      try (StackFrame inner = stack.push()) {
        inner.allocate(4000);
        assertThat(allocator.inUse()).isEqualTo(3);
      }
      assertThat(allocator.inUse()).isEqualTo(1);
      assertThat(stack.heldBytes()).isEqualTo(SEGMENT);
    }
  }

  /// Opens frames with a fresh segment each; closing them leaves the segments where they are.
  private void closeWithAnError(SegmentedStack stack, int frames) {
    StackFrame frame = stack.push();
    frame.allocate(4000);
    if (frames > 1) {
      closeWithAnError(stack, frames - 1);
    }
    allocator.failNextFree(new StackOverflowError("for the test"));
    assertThatExceptionOfType(StackOverflowError.class).isThrownBy(frame::close);
  }

  @Test
  void countsAsGivenBackWhereTheAllocatorWasClosed() {
    FakeAllocator closing = new FakeAllocator(SEGMENT);
    SegmentedStack stack = SegmentedStack.on(closing, NO_SPARE);
    stack.push().allocate(4000);
    StackFrame inner = stack.push();
    inner.allocate(4000);
    closing.close();
    assertThatIllegalStateException().isThrownBy(inner::close).withMessageContaining("closed");
    assertThat(stack.depth()).isEqualTo(1);
    assertThat(stack.heldBytes()).isEqualTo(SEGMENT);
  }
}
