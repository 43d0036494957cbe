package io.stackkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackSegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// `trim()`: gives back what is free, touches nothing that is in use, and disturbs nobody.
public interface TrimContract extends AllocatorSubject {

  @Test
  default void trimGivesFreeMemoryBack() {
    try (StackAllocator allocator = open()) {
      Patterns.free(allocator, Patterns.allocate(allocator, 1000));
      long before = allocator.sysBytes();
      long given = allocator.trim();
      assertThat(before - allocator.sysBytes()).isEqualTo(given);
      if (givesBack()) {
        assertThat(allocator.sysBytes()).isLessThanOrEqualTo(before / 4);
      } else {
        assertThat(given).isZero();
      }
      Figures.assertNothingInUse(allocator);
      Patterns.free(allocator, Patterns.allocate(allocator, 1000));
      Figures.assertNothingInUse(allocator);
    }
  }

  @Test
  default void trimLeavesWhatIsInUseAlone() {
    try (StackAllocator allocator = open()) {
      List<StackSegment> all = new ArrayList<>(Patterns.allocate(allocator, 1000));
      List<StackSegment> live = List.copyOf(all.subList(0, 100));
      Patterns.free(allocator, live);
      all.subList(100, 1000).forEach(allocator::free);
      List<StackSegment> again = Patterns.allocate(allocator, 100);
      long given = allocator.trim();
      Patterns.verify(again);
      Figures.assertInUse(allocator, 100);
      if (givesBack()) {
        assertThat(given).isPositive();
      }
      List<StackSegment> more = Patterns.allocate(allocator, 1000);
      List<StackSegment> both = new ArrayList<>(again);
      both.addAll(more);
      Patterns.assertDisjoint(both);
      Patterns.verify(again);
      Patterns.free(allocator, more);
      Patterns.free(allocator, again);
      Figures.assertNothingInUse(allocator);
    }
  }

  @Test
  default void trimWithNothingFreeGivesNothing() {
    try (StackAllocator allocator = openLimited(64)) {
      assertThat(allocator.trim()).isZero();
      List<StackSegment> all = LimitContract.allocateAll(allocator);
      assertThat(allocator.trim()).isZero();
      Patterns.free(allocator, all);
      allocator.trim();
      List<StackSegment> again = LimitContract.allocateAll(allocator);
      assertThat(again).as("what was given back can be had again").hasSize(64);
      Patterns.free(allocator, again);
    }
  }

  @Test
  default void trimWhileThreadsRunDisturbsNobody() throws Exception {
    long seed = RandomProgram.seed();
    try (StackAllocator allocator = open()) {
      AtomicBoolean stop = new AtomicBoolean();
      Parallel.platform(
          2,
          index -> {
            if (index == 1) {
              while (!stop.get()) {
                assertThat(allocator.trim()).isNotNegative();
              }
              return;
            }
            try {
              new RandomProgram(this, allocator, seed).threads(3).steps(3_000).run();
            } finally {
              stop.set(true);
            }
          });
      Figures.assertNothingInUse(allocator);
      allocator.trim();
      Patterns.free(allocator, Patterns.allocate(allocator, 200));
    }
  }

  @Test
  default void whatLiveThreadsCacheMayStay() throws Exception {
    try (StackAllocator allocator = open();
        Worker other = Worker.platform()) {
      other.run(() -> Patterns.free(allocator, Patterns.allocate(allocator, 20)));
      allocator.trim();
      other.run(() -> Patterns.free(allocator, Patterns.allocate(allocator, 40)));
      allocator.trim();
      Figures.assertNothingInUse(allocator);
    }
  }

  @Test
  default void idleMemoryGoesBackByItself() {
    Assumptions.assumeTrue(givesBackByItself());
    try (StackAllocator allocator = openWith(o -> o.trimIdle(Duration.ofMillis(5)))) {
      Patterns.free(allocator, Patterns.allocate(allocator, 1000));
      Parallel.await(
          "idle memory went back", () -> allocator.sysBytes() <= 250L * options().segmentSize());
      Patterns.free(allocator, Patterns.allocate(allocator, 1000));
    }
  }
}
