package io.stackkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.stackkit.api.LargeStats;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackExhaustedException;
import io.stackkit.api.StackSegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// Segments of a size that is asked for: up to the fixed size they are fixed ones, above they count
/// apart.
public interface SizeContract extends AllocatorSubject {

  private long above() {
    return options().segmentSize() + 1L;
  }

  @Test
  default void upToTheFixedSizeGivesAFixedSegment() {
    try (StackAllocator allocator = open()) {
      int size = options().segmentSize();
      List<StackSegment> segments = new ArrayList<>();
      for (long asked : new long[] {1, 8, size / 2, size - 1, size}) {
        segments.add(allocator.allocate(asked));
        assertThat(segments.getLast().byteSize()).isEqualTo(size);
        assertThat(segments.getLast().memory().byteSize()).isEqualTo(size);
      }
      Figures.assertInUse(allocator, 5);
      assertThat(allocator.large()).isEqualTo(LargeStats.NONE);
      segments.forEach(allocator::free);
      Figures.assertNothingInUse(allocator);
    }
  }

  @Test
  default void aboveTheFixedSizeCountsApart() {
    try (StackAllocator allocator = open()) {
      allocator.allocate().close();
      Figures before = Figures.of(allocator);
      long asked = 0;
      List<StackSegment> segments = new ArrayList<>();
      for (long size : new long[] {above(), 3L * options().segmentSize() + 7, 1 << 20}) {
        size = Math.max(size, above());
        asked += size;
        segments.add(allocator.allocate(size));
        assertThat(segments.getLast().byteSize()).isGreaterThanOrEqualTo(size);
        assertThat(segments.getLast().memory().byteSize()).isEqualTo(segments.getLast().byteSize());
      }
      Figures now = Figures.of(allocator);
      assertThat(now.large().allocations()).isEqualTo(3);
      assertThat(now.large().inUseBytes()).isGreaterThanOrEqualTo(asked);
      assertThat(allocator.sysBytes()).isEqualTo(before.sysBytes());
      assertThat(now.inUse()).isZero();
      assertThat(now.allocations()).isEqualTo(before.allocations());
      segments.forEach(StackSegment::close);
      assertThat(Figures.of(allocator).frees()).isEqualTo(before.frees());
      assertThat(allocator.sysBytes()).isEqualTo(before.sysBytes());
      Figures.assertNothingInUse(allocator);
    }
  }

  @Test
  default void largeSegmentsAreDisjointAlignedAndWholeUsable() {
    try (StackAllocator allocator = open()) {
      for (int round = 0; round < 2; round++) {
        List<StackSegment> segments = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
          StackSegment segment = allocator.allocate(above() + i * 997L);
          assertThat(segment.memory().address() % 64).isZero();
          Patterns.stamp(segment.memory(), (i + 1L) << 32);
          segments.add(segment);
        }
        Patterns.assertDisjoint(segments);
        Patterns.verify(segments);
        segments.forEach(allocator::free);
        Figures.assertNothingInUse(allocator);
      }
    }
  }

  @Test
  default void largeSegmentsMayBeFreedByAnotherThread() throws Exception {
    try (StackAllocator allocator = open()) {
      List<StackSegment> segments = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        segments.add(allocator.allocate(above()));
      }
      Parallel.platform(1, _ -> segments.subList(0, 5).forEach(allocator::free));
      Parallel.virtual(1, _ -> segments.subList(5, 10).forEach(StackSegment::close));
      Figures.assertNothingInUse(allocator);
    }
  }

  @Test
  default void freeLargeSegmentsAreKeptForReuse() {
    try (StackAllocator allocator = open()) {
      allocator.allocate(above()).close();
      LargeStats first = allocator.large();
      assertThat(first.hits()).isZero();
      assertThat(first.inUseBytes()).isZero();
      StackSegment again = allocator.allocate(above());
      LargeStats second = allocator.large();
      assertThat(second.allocations()).isEqualTo(2);
      if (cachesLarge()) {
        assertThat(first.idleBytes()).isGreaterThanOrEqualTo(above());
        assertThat(second.hits()).isEqualTo(1);
        assertThat(second.sysBytes()).isEqualTo(first.sysBytes());
      } else {
        assertThat(first.idleBytes()).isZero();
        assertThat(second.hits()).isZero();
      }
      allocator.free(again);
    }
  }

  @Test
  default void noMoreLargeSegmentsAreKeptThanTheOptionSays() {
    long size = 4L * options().segmentSize();
    try (StackAllocator allocator = openWith(o -> o.largeCacheBytes(3 * size))) {
      List<StackSegment> segments = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        segments.add(allocator.allocate(size));
      }
      segments.forEach(allocator::free);
      Parallel.await(
          "at most largeCacheBytes are kept", () -> allocator.large().idleBytes() <= 3 * size);
      Figures.assertNothingInUse(allocator);
    }
    try (StackAllocator allocator = openWith(o -> o.largeCacheBytes(0))) {
      allocator.allocate(size).close();
      Parallel.await("nothing is kept", () -> allocator.large().sysBytes() == 0);
    }
  }

  @Test
  default void freeLargeSegmentsGoBackWhenIdle() {
    Assumptions.assumeTrue(cachesLarge());
    try (StackAllocator allocator = openWith(o -> o.largeIdle(Duration.ofMillis(5)))) {
      StackSegment kept = allocator.allocate(above());
      Patterns.stamp(kept.memory(), 5);
      allocator.allocate(above()).close();
      long inUse = allocator.large().inUseBytes();
      Parallel.await("idle large segments went back", () -> allocator.large().idleBytes() == 0);
      assertThat(allocator.large().sysBytes()).isEqualTo(inUse);
      Patterns.verify(kept.memory(), 5);
      kept.close();
    }
  }

  @Test
  default void largeSegmentsCountAgainstTheLimit() {
    int size = options().segmentSize();
    try (StackAllocator allocator = openLimited(64)) {
      StackSegment half = allocator.allocate(32L * size);
      assertThatExceptionOfType(StackExhaustedException.class)
          .isThrownBy(() -> allocator.allocate(64L * size))
          .satisfies(
              e -> {
                assertThat(e.requestedBytes()).isGreaterThanOrEqualTo(64L * size);
                assertThat(e.limitBytes()).isEqualTo(64L * size);
                assertThat(e.inUseBytes()).isEqualTo(half.byteSize());
              })
          .withMessageContaining("maxBytes");
      List<StackSegment> others = LimitContract.allocateAll(allocator);
      assertThat(others).hasSizeLessThanOrEqualTo(32).hasSizeGreaterThan(16);
      Patterns.verify(others);
      others.forEach(allocator::free);
      allocator.free(half);
      Figures.assertNothingInUse(allocator);
    }
  }

  @Test
  default void keptLargeSegmentsMakeRoomForFixedOnesAtTheLimit() {
    int size = options().segmentSize();
    try (StackAllocator allocator = openLimited(64)) {
      allocator.allocate(32L * size).close();
      allocator.allocate(16L * size).close();
      List<StackSegment> all = LimitContract.allocateAll(allocator);
      assertThat(all).hasSize(64);
      Patterns.free(allocator, all);
    }
  }

  @Test
  default void absurdSizesLeaveTheAllocatorAsItWas() {
    try (StackAllocator allocator = openLimited(64)) {
      StackSegment segment = allocator.allocate();
      Figures before = Figures.of(allocator).ofCallers();
      for (long size : new long[] {1L << 40, (1L << 40) - 1, (1L << 39) + 1, 1L << 33}) {
        assertThatExceptionOfType(StackExhaustedException.class)
            .isThrownBy(() -> allocator.allocate(size))
            .satisfies(e -> assertThat(e.requestedBytes()).isGreaterThanOrEqualTo(size));
      }
      assertThat(Figures.of(allocator).ofCallers()).isEqualTo(before);
      allocator.free(segment);
      Patterns.free(allocator, Patterns.allocate(allocator, 64));
    }
  }
}
