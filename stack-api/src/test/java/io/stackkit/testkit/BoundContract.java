package io.stackkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackSegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Bounded caches: the counts of the Go design to the letter, and the bound on memory that follows
/// from them.
public interface BoundContract extends AllocatorSubject {

  /// Opens an allocator with a cache of 32 and batches of 16 that do not adapt, as in Go.
  private StackAllocator openAsInGo() {
    assumeTrue(boundedCaches());
    return openWith(o -> o.cacheSize(32).batchSize(16).adaptive(0));
  }

  @Test
  default void deepGrowthRefillsAndReleasesAsInGo() {
    try (StackAllocator allocator = openAsInGo()) {
      recurse(allocator, 1024);
      Figures before = Figures.of(allocator);
      for (int round = 1; round <= 10; round++) {
        recurse(allocator, 1024);
        Figures now = Figures.of(allocator);
        assertThat(now.allocations() - before.allocations()).isEqualTo(341L * round);
        assertThat(now.frees() - before.frees()).isEqualTo(341L * round);
        assertThat(now.refills() - before.refills()).isEqualTo(20L * round);
        assertThat(now.releases() - before.releases()).isEqualTo(20L * round);
        assertThat(now.sysBytes()).isEqualTo(before.sysBytes());
      }
    }
  }

  @Test
  default void shallowGrowthStaysWithinTheCache() {
    try (StackAllocator allocator = openAsInGo()) {
      recurse(allocator, 10);
      Figures before = Figures.of(allocator);
      recurse(allocator, 10);
      Figures now = Figures.of(allocator);
      assertThat(now.allocations() - before.allocations()).isEqualTo(3);
      assertThat(now.frees() - before.frees()).isEqualTo(3);
      assertThat(now.refills()).isEqualTo(before.refills());
      assertThat(now.releases()).isEqualTo(before.releases());
    }
  }

  /// Calls of the benchmark of the Go commit: three to a segment, the first ones in the caller's.
  private static void recurse(StackAllocator allocator, int calls) {
    Deque<StackSegment> segments = new ArrayDeque<>();
    for (int i = 0; i < calls / 3; i++) {
      segments.push(allocator.allocate());
    }
    while (!segments.isEmpty()) {
      allocator.free(segments.pop());
    }
  }

  @Test
  default void anMKeepsNoMoreThanTheCacheSize() {
    assumeTrue(boundedCaches());
    for (int[] sizes : new int[][] {{1, 1}, {2, 1}, {7, 3}, {16, 16}, {32, 16}, {33, 32}}) {
      try (StackAllocator allocator =
          openWith(o -> o.cacheSize(sizes[0]).batchSize(sizes[1]).adaptive(0))) {
        for (int count : new int[] {1, 3, 40, 100}) {
          List<StackSegment> segments = Patterns.allocate(allocator, count);
          assertThat(Figures.of(allocator).idle()).isLessThanOrEqualTo(sizes[0]);
          for (StackSegment segment : segments) {
            allocator.free(segment);
            assertThat(allocator.machines())
                .allSatisfy(m -> assertThat(m.idle()).isLessThanOrEqualTo(sizes[0]));
          }
        }
        Figures.assertNothingInUse(allocator);
      }
    }
  }

  @Test
  default void whatOneThreadFreesAnotherGetsBeforeTheSystemIsAsked() throws Exception {
    try (StackAllocator allocator = openAsInGo();
        Worker producer = Worker.platform()) {
      for (int round = 0; round < 50; round++) {
        List<StackSegment> segments = producer.call(() -> Patterns.allocate(allocator, 320));
        Patterns.free(allocator, segments);
      }
      long bound = 320 + 32L * allocator.machines().size();
      assertThat(allocator.sysBytes()).isLessThanOrEqualTo(bound * options().segmentSize());
      Figures.assertNothingInUse(allocator);
    }
  }

  @Test
  default void adaptedCachesStayWithinTheirShareOfThePeak() throws Exception {
    assumeTrue(boundedCaches());
    int peak = 2_000;
    try (StackAllocator allocator = openWith(o -> o.adaptive(25));
        Worker other = Worker.platform()) {
      for (int round = 0; round < 10; round++) {
        Patterns.free(allocator, Patterns.allocate(allocator, peak / 2));
        other.run(() -> Patterns.free(allocator, Patterns.allocate(allocator, peak / 2)));
      }
      List<StackSegment> most = Patterns.allocate(allocator, peak);
      Patterns.free(allocator, most);
      long sure = options().cacheSize() * (long) allocator.machines().size();
      assertThat(allocator.sysBytes() / options().segmentSize())
          .isLessThanOrEqualTo(peak + peak / 4 + sure);
    }
  }

  /// A thread's cache has grown to hold all of its bursts; the thread stays alive and does nothing.
  @Test
  default void whatAnIdleThreadKeepsServesOthersBeforeTheSystemIsAsked() throws Exception {
    assumeTrue(boundedCaches());
    int peak = 1_000;
    try (StackAllocator allocator = openWith(o -> o.adaptive(25));
        Worker idle = Worker.platform()) {
      idle.run(() -> bursts(allocator, peak));
      for (int round = 0; round < 10; round++) {
        List<StackSegment> most = Patterns.allocate(allocator, peak);
        Patterns.assertDisjoint(most);
        Patterns.free(allocator, most);
        idle.run(() -> bursts(allocator, peak / 2));
      }
      long sure = options().cacheSize() * (long) allocator.machines().size();
      assertThat(allocator.sysBytes() / options().segmentSize())
          .isLessThanOrEqualTo(peak + peak / 4 + sure);
      Figures.assertNothingInUse(allocator);
    }
  }

  @Test
  default void whatAnIdleThreadKeepsBeyondItsCacheGoesBackToTheSystem() throws Exception {
    assumeTrue(boundedCaches());
    try (StackAllocator allocator = openWith(o -> o.adaptive(25));
        Worker idle = Worker.platform()) {
      idle.run(() -> bursts(allocator, 1_000));
      allocator.trim();
      // a cache that has grown may keep twice as much, as part of adaptive's share
      int kept = 2 * options().cacheSize();
      assertThat(Figures.of(allocator).idle()).isLessThanOrEqualTo(kept);
      // of the slabs that it has something of, the rest cannot go
      assertThat(allocator.sysBytes() / options().segmentSize())
          .isLessThanOrEqualTo((long) kept * options().batchSize());
      idle.run(() -> bursts(allocator, 1_000));
      Figures.assertNothingInUse(allocator);
    }
  }

  private static void bursts(StackAllocator allocator, int size) {
    for (int i = 0; i < 100; i++) {
      List<StackSegment> segments = Patterns.allocate(allocator, size);
      Patterns.verify(segments);
      segments.reversed().forEach(allocator::free);
    }
  }
}
