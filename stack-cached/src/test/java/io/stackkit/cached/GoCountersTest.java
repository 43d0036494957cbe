package io.stackkit.cached;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.MachineStats;
import io.stackkit.api.StackSegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// With `adaptive=0`, events happen exactly as in Go.
class GoCountersTest {

  private static CachedAllocator open(int cacheSize, int batchSize) {
    return new CachedAllocator(
        AllocatorOptions.parse(
            "cached,adaptive=0,cacheSize=%d,batchSize=%d".formatted(cacheSize, batchSize)));
  }

  private static MachineStats only(CachedAllocator allocator) {
    assertThat(allocator.machines()).hasSize(1);
    return allocator.machines().getFirst();
  }

  private static void upAndDown(CachedAllocator allocator, int depth) {
    ArrayDeque<StackSegment> stack = new ArrayDeque<>();
    for (int i = 0; i < depth; i++) {
      stack.push(allocator.allocate());
    }
    stack.forEach(StackSegment::close);
  }

  /// A batch takes 2 trips of 16 beyond the 32 of a cache that starts half full: Go counts 20.
  @ParameterizedTest
  @CsvSource({"341, 20", "3, 0", "32, 0", "16, 0"})
  void warmRecursionMovesAsManyBatchesAsInGo(int depth, int batches) {
    try (CachedAllocator allocator = open(32, 16)) {
      upAndDown(allocator, 341);
      upAndDown(allocator, depth);
      MachineStats before = only(allocator);
      long sys = allocator.sysBytes();

      upAndDown(allocator, depth);

      MachineStats done = only(allocator).minus(before);
      assertThat(done.allocations()).isEqualTo(depth);
      assertThat(done.frees()).isEqualTo(depth);
      assertThat(done.refills()).isEqualTo(batches);
      assertThat(done.releases()).isEqualTo(batches);
      assertThat(allocator.sysBytes()).isEqualTo(sys);
    }
  }

  @Test
  void theSixteenOldestGoToWhoeverNeedsThem() throws InterruptedException {
    try (CachedAllocator allocator = open(32, 16)) {
      // 48: no more than what is freed below, so that the cache is empty and the depot, too
      List<StackSegment> freed = new ArrayList<>();
      for (int i = 0; i < 48; i++) {
        freed.add(allocator.allocate());
      }
      Collections.shuffle(freed, new Random(1));
      for (int i = 0; i < 33; i++) {
        freed.get(i).close();
      }
      assertThat(only(allocator).releases()).isEqualTo(1);
      assertThat(only(allocator).idle()).isEqualTo(17);

      List<StackSegment> others = new ArrayList<>();
      Thread other =
          new Thread(
              () -> {
                for (int i = 0; i < 16; i++) {
                  others.add(allocator.allocate());
                }
              });
      other.start();
      other.join();
      assertThat(others).containsExactlyElementsOf(freed.subList(0, 16).reversed());
      List<StackSegment> newestFirst = new ArrayList<>();
      for (int i = 0; i < 17; i++) {
        newestFirst.add(allocator.allocate());
      }
      assertThat(newestFirst).containsExactlyElementsOf(freed.subList(16, 33).reversed());
      assertThat(allocator.sysBytes()).isEqualTo(48 * 4096);

      freed.forEach(StackSegment::close);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "32, 16", "32, 32", "24, 16", "40, 16", "7, 7", "1, 1", "3, 2", "5, 3", "33, 16", "47, 16",
    "48, 16", "10, 1", "64, 5"
  })
  void everyStepIsGos(int cacheSize, int batchSize) {
    for (int seed = 0; seed < 10; seed++) {
      try (CachedAllocator allocator = open(cacheSize, batchSize)) {
        compare(allocator, new GoRing(cacheSize, batchSize), new Random(seed));
      }
    }
  }

  private static void compare(CachedAllocator allocator, GoRing go, Random random) {
    Map<Integer, StackSegment> segments = new HashMap<>();
    List<Integer> inUse = new ArrayList<>();
    int target = 0;
    for (int step = 0; step < 1_500; step++) {
      if (step % 50 == 0) {
        target = random.nextInt(200);
      }
      boolean up = inUse.isEmpty() || (inUse.size() < target ^ random.nextInt(10) == 0);
      if (up) {
        int expected = go.allocate();
        StackSegment got = allocator.allocate();
        StackSegment known = segments.putIfAbsent(expected, got);
        assertThat(got).isSameAs(known == null ? got : known);
        inUse.add(expected);
      } else {
        // now the newest, now any
        int at = random.nextBoolean() ? inUse.size() - 1 : random.nextInt(inUse.size());
        int segment = inUse.get(at);
        inUse.set(at, inUse.getLast());
        inUse.removeLast();
        go.free(segment);
        segments.get(segment).close();
      }
      MachineStats stats = only(allocator);
      assertThat(stats.idle()).isEqualTo(go.cnt());
      assertThat(stats.refills()).isEqualTo(go.refills());
      assertThat(stats.releases()).isEqualTo(go.releases());
      assertThat(allocator.sysBytes()).isEqualTo(go.obtained() * 4096L);
    }
    assertThat(segments.values()).doesNotHaveDuplicates();
    inUse.forEach(segment -> segments.get(segment).close());
  }
}
