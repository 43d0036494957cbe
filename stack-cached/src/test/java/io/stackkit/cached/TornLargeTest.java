package io.stackkit.cached;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackAllocators;
import io.stackkit.api.StackSegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A `StackOverflowError` in the free of a large segment: it stays in use, or is free.
class TornLargeTest {

  private static final int STACK_BYTES = 192 << 10;
  private static final int FRAMES = 200;
  private static final int SIZE = 64 << 10;
  private static final int SEGMENTS = 16;

  // plain stores, so that no outcome gets lost in a call of this test's own
  private final StackSegment[] mine = new StackSegment[SEGMENTS];
  private int count;
  private int framesLeft;
  private long errors;

  @ParameterizedTest
  @ValueSource(strings = {"cached,maxBytes=1m", "cached,maxBytes=1m,largeCacheBytes=0"})
  void losesNothing(String options) throws InterruptedException {
    try (StackAllocator allocator = StackAllocators.open(AllocatorOptions.parse(options))) {
      // classes are initialized with room to spare
      StackSegment freed = allocator.allocate(SIZE);
      freed.close();
      isInUse(freed);
      for (int round = 0; round < 30; round++) {
        while (count < SEGMENTS) {
          mine[count] = allocator.allocate(SIZE);
          count++;
        }
        int levels = round % 16;
        Thread thread = new Thread(null, () -> pad(levels), "torn", STACK_BYTES);
        thread.start();
        thread.join();
        while (count > 0) {
          closeNewest();
        }
        // the limit allows just as many, so none is missing
        assertThat(allocator.large().inUseBytes()).isZero();
      }
      assertThat(errors).as("torn operations").isPositive();
    }
  }

  private int pad(int levels) {
    if (levels > 0) {
      long a = levels;
      long b = a * 3;
      return pad(levels - 1) + (int) (a ^ b);
    }
    descend();
    return 0;
  }

  @SuppressWarnings("InfiniteRecursion") // to the end of the stack
  private void descend() {
    try {
      descend();
    } catch (StackOverflowError e) {
      framesLeft = FRAMES;
    }
    if (framesLeft > 0 && count > 0) {
      framesLeft--;
      try {
        closeNewest();
      } catch (StackOverflowError e) {
        errors++;
      }
    }
  }

  private void closeNewest() {
    StackSegment segment = mine[count - 1];
    if (isInUse(segment)) {
      segment.close();
    }
    count--;
  }

  private static boolean isInUse(StackSegment segment) {
    try {
      return segment.memory() != null;
    } catch (IllegalStateException e) {
      return false;
    }
  }
}
