package io.stackkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.stackkit.api.ByteSizes;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackExhaustedException;
import io.stackkit.api.StackSegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// `maxBytes`: the whole of it can be had, by any thread, and not a byte more.
public interface LimitContract extends AllocatorSubject {

  /// Allocates marked fixed-size segments until no more are to be had.
  static List<StackSegment> allocateAll(StackAllocator allocator) {
    List<StackSegment> segments = new ArrayList<>();
    try {
      while (true) {
        StackSegment segment = allocator.allocate();
        segments.add(segment);
        Patterns.stamp(segment.memory(), (long) segments.size() << 32);
      }
    } catch (StackExhaustedException _) {
      return segments;
    }
  }

  @Test
  default void allOfTheLimitCanBeHadAndNoMore() {
    for (int limit : new int[] {1, 5, 64, 100}) {
      try (StackAllocator allocator = openLimited(limit)) {
        List<StackSegment> all = allocateAll(allocator);
        assertThat(all).hasSize(limit);
        assertThat(allocator.sysBytes()).isEqualTo(allocator.options().maxBytes());
        Figures.assertInUse(allocator, limit);
        Patterns.assertDisjoint(all);
        Patterns.free(allocator, all);
        Figures.assertNothingInUse(allocator);
      }
    }
  }

  @Test
  default void aLimitThatIsNoMultipleOfASegmentIsKept() {
    long size = options().segmentSize();
    try (StackAllocator allocator = openWith(o -> o.maxBytes(10 * size + size / 2))) {
      List<StackSegment> all = allocateAll(allocator);
      assertThat(all).hasSize(10);
      assertThat(allocator.sysBytes()).isLessThanOrEqualTo(allocator.options().maxBytes());
      Patterns.free(allocator, all);
    }
  }

  @Test
  default void whatIsRefusedIsToldInFigures() {
    long size = options().segmentSize();
    try (StackAllocator allocator = openLimited(64)) {
      List<StackSegment> all = allocateAll(allocator);
      Figures before = Figures.of(allocator).ofCallers();
      assertThatExceptionOfType(StackExhaustedException.class)
          .isThrownBy(allocator::allocate)
          .withMessageContaining("maxBytes")
          .withMessageContaining(ByteSizes.format(64 * size))
          .satisfies(
              e -> {
                assertThat(e.requestedBytes()).isEqualTo(size);
                assertThat(e.inUseBytes()).isEqualTo(64 * size);
                assertThat(e.idleBytes()).isZero();
                assertThat(e.limitBytes()).isEqualTo(64 * size);
              });
      assertThatExceptionOfType(StackExhaustedException.class)
          .isThrownBy(() -> allocator.local().allocate());
      assertThatExceptionOfType(StackExhaustedException.class)
          .isThrownBy(() -> allocator.allocate(1));
      assertThat(Figures.of(allocator).ofCallers()).isEqualTo(before);
      Patterns.free(allocator, all);
    }
  }

  @Test
  default void freeingMakesRoom() {
    try (StackAllocator allocator = openLimited(32)) {
      List<StackSegment> all = allocateAll(allocator);
      for (int i = 0; i < 100; i++) {
        allocator.free(all.removeLast());
        all.add(allocator.allocate());
        assertThatExceptionOfType(StackExhaustedException.class).isThrownBy(allocator::allocate);
      }
      all.forEach(allocator::free);
      all = allocateAll(allocator);
      assertThat(all).hasSize(32);
      Patterns.free(allocator, all);
    }
  }

  @Test
  default void freeingOnAnotherThreadMakesRoom() throws Exception {
    try (StackAllocator allocator = openLimited(64);
        Worker other = Worker.platform();
        Worker virtual = Worker.virtual()) {
      List<StackSegment> all = allocateAll(allocator);
      other.run(() -> Patterns.free(allocator, all));
      List<StackSegment> again = allocateAll(allocator);
      assertThat(again).hasSize(64);
      virtual.run(() -> Patterns.free(allocator, again));
      List<StackSegment> third = allocateAll(allocator);
      assertThat(third).hasSize(64);
      Patterns.free(allocator, third);
      Figures.assertNothingInUse(allocator);
    }
  }

  @Test
  default void whatLiveThreadsKeepIdleIsTakenBackAtTheLimit() throws Exception {
    try (StackAllocator allocator = openLimited(200);
        Worker one = Worker.platform();
        Worker two = Worker.platform();
        Worker three = Worker.virtual()) {
      List<Worker> idlers = List.of(one, two, three);
      for (Worker idler : idlers) {
        // alive and parked afterwards, with a warm cache
        idler.run(() -> Patterns.free(allocator, Patterns.allocate(allocator, 60)));
      }
      List<StackSegment> all = allocateAll(allocator);
      assertThat(all).hasSize(200);
      Patterns.assertDisjoint(all);
      Patterns.verify(all);
      all.subList(100, 200).forEach(allocator::free);
      // those that were robbed go on, and rob in turn
      for (Worker idler : idlers) {
        List<StackSegment> others = idler.call(() -> allocateAll(allocator));
        assertThat(others).hasSize(100);
        idler.run(() -> Patterns.free(allocator, others));
      }
      Patterns.free(allocator, all.subList(0, 100));
      Figures.assertNothingInUse(allocator);
      assertThat(allocator.sysBytes()).isLessThanOrEqualTo(allocator.options().maxBytes());
    }
  }

  @Test
  default void whatDeadThreadsLeftIsTakenBackAtTheLimit() throws Exception {
    try (StackAllocator allocator = openLimited(200)) {
      Parallel.platform(4, _ -> Patterns.free(allocator, Patterns.allocate(allocator, 40)));
      List<StackSegment> all = allocateAll(allocator);
      assertThat(all).hasSize(200);
      Patterns.free(allocator, all);
    }
  }

  @Test
  default void idleFixedSegmentsMakeRoomForLargeOnesAtTheLimit() throws Exception {
    Assumptions.assumeTrue(givesBack());
    try (StackAllocator allocator = openLimited(256)) {
      Patterns.free(allocator, allocateAll(allocator));
      StackSegment large = allocator.allocate(64L * options().segmentSize());
      Patterns.stamp(large.memory(), 3);
      List<StackSegment> rest = allocateAll(allocator);
      assertThat(rest).isNotEmpty();
      assertThat(allocator.sysBytes() + allocator.large().sysBytes())
          .isLessThanOrEqualTo(allocator.options().maxBytes());
      Patterns.verify(large.memory(), 3);
      Patterns.free(allocator, rest);
      allocator.free(large);
    }
  }
}
