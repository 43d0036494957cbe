package io.stackkit.cached;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackSegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A cache that grows and shrinks, on one thread.
class AdaptiveCacheTest {

  /// The cache of an M never holds more than its size and what the budget allows, in whichever
  /// state it is when it shrinks.
  @ParameterizedTest
  @CsvSource({"32, 16", "24, 16", "40, 16", "16, 16", "7, 7", "1, 1", "3, 2"})
  void holdsNoMoreThanItMay(int cacheSize, int batchSize) {
    for (int seed = 0; seed < 30; seed++) {
      try (CachedAllocator allocator =
          new CachedAllocator(
              AllocatorOptions.parse(
                  "cached,adaptive=25,cacheSize=%d,batchSize=%d"
                      .formatted(cacheSize, batchSize)))) {
        // budgets of one batch, of few, of many: a cache shrinks otherwise in each case
        int peak = cacheSize + batchSize * (seed % 3 == 0 ? 6 : seed % 3 == 1 ? 16 : 60);
        walk(allocator, new Random(seed), cacheSize, peak);
      }
    }
  }

  private static void walk(CachedAllocator allocator, Random random, int cacheSize, int peak) {
    ArrayDeque<StackSegment> inUse = new ArrayDeque<>();
    while (inUse.size() < peak) {
      inUse.push(allocator.allocate());
    }
    for (int burst = 0; burst < 4_000; burst++) {
      // bursts that drift: a little more is freed than allocated, then the other way round
      int size = random.nextInt(3 * cacheSize + 2);
      int drift = burst / 40 % 2 == 0 ? 1 : -1;
      for (int i = 0; i < size - drift && inUse.size() < peak; i++) {
        inUse.push(allocator.allocate());
      }
      for (int i = 0; i < size && !inUse.isEmpty(); i++) {
        inUse.pop().close();
      }
      long idle = allocator.machines().getFirst().idle();
      assertThat(idle).isLessThanOrEqualTo(cacheSize + DepotView.grown(allocator));
      assertThat(DepotView.grown(allocator)).isLessThanOrEqualTo(peak / 4);
    }
    while (!inUse.isEmpty()) {
      inUse.pop().close();
      long idle = allocator.machines().getFirst().idle();
      assertThat(idle).isLessThanOrEqualTo(cacheSize + DepotView.grown(allocator));
      assertThat(DepotView.grown(allocator)).isLessThanOrEqualTo(peak / 4);
    }
  }

  /// A cache of 48 that may be one of 32 only, and is full when it is found to have too much.
  @Test
  void aFullCacheThatShrinksIsFullStill() {
    for (int cycles = 0; cycles < 200; cycles++) {
      try (CachedAllocator allocator =
          new CachedAllocator(AllocatorOptions.parse("cached,adaptive=25"))) {
        // a quarter of this allows one batch more
        List<StackSegment> inUse = allocate(allocator, 128);
        freeNewest(inUse, 33);
        inUse.addAll(allocate(allocator, 33));
        freeNewest(inUse, 48);
        assertThat(allocator.machines().getFirst().idle()).isEqualTo(48);
        for (int i = 0; i < cycles; i++) {
          inUse.addAll(allocate(allocator, 20));
          freeNewest(inUse, 20);
        }
        while (!inUse.isEmpty()) {
          freeNewest(inUse, 1);
          assertThat(DepotView.idle(allocator))
              .isLessThanOrEqualTo(32 + DepotView.grown(allocator));
        }
      }
    }
  }

  private static void freeNewest(List<StackSegment> segments, int count) {
    for (int i = 0; i < count; i++) {
      segments.removeLast().close();
    }
  }

  /// What caches have grown by comes from the system, too. It must not count as in use when the
  /// next budget is made, or caches that grow, shrink and grow again would take ever more.
  @Test
  void theBudgetIsNoShareOfItself() throws Exception {
    int peak = 512;
    try (CachedAllocator allocator =
            new CachedAllocator(AllocatorOptions.parse("cached,adaptive=50"));
        ExecutorService taker = Executors.newSingleThreadExecutor();
        ExecutorService giver = Executors.newSingleThreadExecutor()) {
      List<StackSegment> inUse = taker.submit(() -> allocate(allocator, peak)).get();
      for (int round = 0; round < 8; round++) {
        List<StackSegment> given = inUse;
        giver.submit(() -> growAndFree(allocator, given)).get();
        assertThat(DepotView.grown(allocator)).isBetween(1L, peak / 2L);
        inUse = taker.submit(() -> allocate(allocator, peak)).get();
        int slack = 32 * allocator.machines().size();
        assertThat(allocator.sysBytes() / 4096).isLessThanOrEqualTo(peak + peak / 2 + slack);
        // empties the giver's cache; no slab is whole, so nothing goes back
        giver.submit(allocator::trim).get();
      }
      inUse.forEach(StackSegment::close);
    }
  }

  private static List<StackSegment> allocate(CachedAllocator allocator, int count) {
    List<StackSegment> segments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      segments.add(allocator.allocate());
    }
    return segments;
  }

  private static void growAndFree(CachedAllocator allocator, List<StackSegment> segments) {
    List<StackSegment> mine = segments;
    for (int i = 0; i < 100; i++) {
      mine.forEach(StackSegment::close);
      mine = allocate(allocator, segments.size());
      Collections.shuffle(mine, new Random(i));
    }
    mine.forEach(StackSegment::close);
  }
}
