package io.stackkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.stackkit.api.LocalAllocator;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackSegment;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What a caller must not do is refused with an exception that tells the facts, and nothing has
/// changed.
public interface MisuseContract extends AllocatorSubject {

  /// What a message about another allocator's segment has to tell.
  String FOREIGN = "(?is).*(allocator|handed out).*";

  /// Bytes of a large segment for these tests.
  private long largeSize() {
    return 3L * options().segmentSize();
  }

  @Test
  default void freeingTwiceIsRefused() {
    try (StackAllocator allocator = open()) {
      StackSegment segment = allocator.allocate();
      List<StackSegment> others = Patterns.allocate(allocator, 3);
      allocator.free(segment);
      refusesToFreeAgain(allocator, segment);
      Patterns.free(allocator, others);
    }
  }

  @Test
  default void freeingALargeSegmentTwiceIsRefused() {
    try (StackAllocator allocator = open()) {
      StackSegment segment = allocator.allocate(largeSize());
      allocator.free(segment);
      refusesToFreeAgain(allocator, segment);
      assertThatIllegalStateException()
          .isThrownBy(segment::memory)
          .withMessageMatching(SegmentContract.NOT_IN_USE);
    }
  }

  private static void refusesToFreeAgain(StackAllocator allocator, StackSegment segment) {
    LocalAllocator local = allocator.local();
    Figures before = Figures.of(allocator);
    assertThatIllegalStateException()
        .isThrownBy(() -> allocator.free(segment))
        .withMessageMatching(SegmentContract.NOT_IN_USE);
    assertThatIllegalStateException()
        .isThrownBy(segment::close)
        .withMessageMatching(SegmentContract.NOT_IN_USE);
    assertThatIllegalStateException()
        .isThrownBy(() -> local.free(segment))
        .withMessageMatching(SegmentContract.NOT_IN_USE);
    assertThat(Figures.of(allocator)).isEqualTo(before);
  }

  @Test
  default void freeingTwiceIsRefusedOnAnotherThreadToo() throws Exception {
    try (StackAllocator allocator = open()) {
      StackSegment segment = allocator.allocate();
      allocator.free(segment);
      Parallel.platform(1, _ -> refusesToFreeAgain(allocator, segment));
      Parallel.virtual(1, _ -> refusesToFreeAgain(allocator, segment));
    }
  }

  @Test
  default void aSegmentFreedTwiceIsHandedOutOnce() {
    try (StackAllocator allocator = open()) {
      List<StackSegment> segments = Patterns.allocate(allocator, 40);
      segments.forEach(allocator::free);
      AtomicInteger refused = new AtomicInteger();
      for (StackSegment segment : segments) {
        try {
          allocator.free(segment);
        } catch (IllegalStateException _) {
          refused.incrementAndGet();
        }
      }
      assertThat(refused).hasValue(40);
      segments = Patterns.allocate(allocator, 80);
      Patterns.assertDisjoint(segments);
      Patterns.free(allocator, segments);
    }
  }

  @Test
  default void segmentsOfAnotherAllocatorAreRefused() {
    try (StackAllocator allocator = open();
        StackAllocator other = open();
        StackSegment fixed = other.allocate();
        StackSegment large = other.allocate(largeSize())) {
      for (StackSegment foreign : List.of(fixed, large, new ForeignSegment())) {
        refusesForeign(allocator, foreign);
        StackSegment own = allocator.allocate();
        refusesForeign(allocator, foreign);
        refusesForeign(other, own);
        own.close();
      }
      Figures.assertInUse(other, 1);
      Patterns.stamp(fixed.memory(), 1);
    }
  }

  @Test
  default void freeSegmentsOfAnotherAllocatorAreRefused() {
    try (StackAllocator allocator = open();
        StackAllocator other = open()) {
      StackSegment foreign = other.allocate();
      other.free(foreign);
      Figures before = Figures.of(other);
      assertThatIllegalArgumentException().isThrownBy(() -> allocator.free(foreign));
      assertThat(Figures.of(other)).isEqualTo(before);
    }
  }

  private static void refusesForeign(StackAllocator allocator, StackSegment foreign) {
    LocalAllocator local = allocator.local();
    Figures before = Figures.of(allocator);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> allocator.free(foreign))
        .withMessageMatching(FOREIGN);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> local.free(foreign))
        .withMessageMatching(FOREIGN);
    assertThat(Figures.of(allocator)).isEqualTo(before);
  }

  @Test
  @SuppressWarnings("NullAway")
  default void nullIsRefused() {
    try (StackAllocator allocator = open()) {
      LocalAllocator local = allocator.local();
      Figures before = Figures.of(allocator);
      assertThatNullPointerException().isThrownBy(() -> allocator.free(null));
      assertThatNullPointerException().isThrownBy(() -> local.free(null));
      assertThat(Figures.of(allocator)).isEqualTo(before);
    }
  }

  @Test
  default void sizesOutOfRangeAreRefused() {
    try (StackAllocator allocator = open()) {
      Figures before = Figures.of(allocator);
      for (long size : new long[] {0, -1, -4096, Long.MIN_VALUE}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> allocator.allocate(size))
            .withMessageContaining(Long.toString(size));
      }
      for (long size : new long[] {(1L << 40) + 1, 1L << 50, Long.MAX_VALUE}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> allocator.allocate(size))
            .withMessageMatching("(?is).*(%d|1t).*".formatted(size));
      }
      assertThat(Figures.of(allocator)).isEqualTo(before);
    }
  }

  /// A segment that no allocator of the kit has made.
  final class ForeignSegment extends StackSegment {
    @Override
    public MemorySegment memory() {
      return MemorySegment.NULL;
    }

    @Override
    public long byteSize() {
      return 4096;
    }

    @Override
    public void close() {
      throw new UnsupportedOperationException();
    }
  }
}
