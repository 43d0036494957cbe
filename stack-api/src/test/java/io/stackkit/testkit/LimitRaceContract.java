package io.stackkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackExhaustedException;
import io.stackkit.api.StackSegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Many threads at the limit: never one byte over it, and nothing is lost.
public interface LimitRaceContract extends AllocatorSubject {

  @Test
  default void threadsThatRaceAtTheLimitNeverPassIt() throws Exception {
    raceAtTheLimit(4, 300, 200);
  }

  @Test
  @Tag("wide")
  default void manyThreadsThatRaceAtTheLimitNeverPassIt() throws Exception {
    raceAtTheLimit(16, 3_000, 1_000);
  }

  private void raceAtTheLimit(int threads, int rounds, int limit) throws Exception {
    long seed = RandomProgram.seed();
    try (StackAllocator allocator = openLimited(limit)) {
      AtomicInteger running = new AtomicInteger(threads);
      AtomicInteger refused = new AtomicInteger();
      Parallel.platform(
          threads + 1,
          index -> {
            if (index == threads) {
              watch(allocator, running);
              return;
            }
            try {
              refused.addAndGet(race(allocator, new SplittableRandom(seed + index), rounds, limit));
            } finally {
              running.decrementAndGet();
            }
          });
      assertThat(refused).as("refusals, seed %d", seed).hasPositiveValue();
      Figures.assertNothingInUse(allocator);
      List<StackSegment> all = LimitContract.allocateAll(allocator);
      assertThat(all).as("what one thread can have afterwards, seed %d", seed).hasSize(limit);
      Patterns.free(allocator, all);
    }
  }

  private static void watch(StackAllocator allocator, AtomicInteger running) {
    long limit = allocator.options().maxBytes();
    do {
      assertThat(allocator.sysBytes()).isBetween(0L, limit);
      assertThat(allocator.large().sysBytes()).isBetween(0L, limit);
      Thread.onSpinWait();
    } while (running.get() > 0);
  }

  /// Takes and gives back at random, never more than half the limit at a time.
  private int race(StackAllocator allocator, SplittableRandom random, int rounds, int limit) {
    List<StackSegment> held = new ArrayList<>();
    int refused = 0;
    for (int round = 0; round < rounds; round++) {
      int goal = random.nextInt(limit / 2);
      while (held.size() > goal) {
        StackSegment segment = held.removeLast();
        Patterns.verify(segment.memory(), segment.memory().address());
        allocator.free(segment);
      }
      try {
        while (held.size() < goal) {
          boolean large = random.nextInt(50) == 0;
          held.add(large ? allocator.allocate(2L * options().segmentSize()) : allocator.allocate());
          Patterns.stamp(held.getLast().memory(), held.getLast().memory().address());
        }
      } catch (StackExhaustedException e) {
        refused++;
        assertFigures(e, allocator);
      }
    }
    held.forEach(allocator::free);
    return refused;
  }

  private static void assertFigures(StackExhaustedException e, StackAllocator allocator) {
    long limit = allocator.options().maxBytes();
    assertThat(e.limitBytes()).isEqualTo(limit);
    assertThat(e.requestedBytes()).isPositive();
    assertThat(e.inUseBytes()).as(e.getMessage()).isBetween(0L, limit);
    assertThat(e.idleBytes()).as(e.getMessage()).isBetween(0L, limit);
  }

  @Test
  default void threadsOfAnyKindRaceForTheLastSegments() throws Exception {
    try (StackAllocator allocator = openLimited(8)) {
      AtomicInteger inUse = new AtomicInteger();
      Parallel.Task take =
          _ -> {
            for (int i = 0; i < 500; i++) {
              try {
                StackSegment segment = allocator.allocate();
                assertThat(inUse.incrementAndGet()).isLessThanOrEqualTo(8);
                Patterns.stamp(segment.memory(), i);
                Parallel.giveWay();
                Patterns.verify(segment.memory(), i);
                inUse.decrementAndGet();
                allocator.free(segment);
              } catch (StackExhaustedException e) {
                assertFigures(e, allocator);
              }
            }
          };
      Parallel.platform(
          3,
          index -> {
            if (index == 0) {
              Parallel.virtual(20, take);
            } else {
              take.run(index);
            }
          });
      Figures.assertNothingInUse(allocator);
      List<StackSegment> all = LimitContract.allocateAll(allocator);
      assertThat(all).hasSize(8);
      Patterns.free(allocator, all);
    }
  }

  @Test
  default void whatABusyThreadDoesNotUseCanBeHad() throws Exception {
    int limit = 100;
    try (StackAllocator allocator = openLimited(limit)) {
      AtomicBoolean stop = new AtomicBoolean();
      Parallel.platform(
          2,
          index -> {
            if (index == 0) {
              useOneAtATime(allocator, stop);
            } else {
              try {
                // the busy thread has one segment at a time and keeps the others idle
                gatherAllBut(1, allocator, limit);
              } finally {
                stop.set(true);
              }
            }
          });
      Figures.assertNothingInUse(allocator);
    }
  }

  private static void useOneAtATime(StackAllocator allocator, AtomicBoolean stop) {
    while (!stop.get()) {
      try {
        StackSegment segment = allocator.allocate();
        Patterns.stamp(segment.memory(), 1);
        Patterns.verify(segment.memory(), 1);
        allocator.free(segment);
      } catch (StackExhaustedException _) {
        Thread.onSpinWait();
      }
    }
  }

  private static void gatherAllBut(int left, StackAllocator allocator, int limit) {
    List<StackSegment> held = new ArrayList<>();
    Parallel.await(
        "all that is idle was had",
        () -> {
          held.addAll(LimitContract.allocateAll(allocator));
          return held.size() >= limit - left;
        });
    Patterns.assertDisjoint(held);
    held.forEach(allocator::free);
  }
}
