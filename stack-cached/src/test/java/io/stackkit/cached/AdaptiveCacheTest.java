package io.stackkit.cached;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.MachineStats;
import io.stackkit.api.StackSegment;
import io.stackkit.testkit.Patterns;
import io.stackkit.testkit.Worker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A cache that grows and shrinks, on one thread. That it serves other threads is in the contract
/// of all allocators.
class AdaptiveCacheTest {

  private static CachedAllocator open(String options) {
    return new CachedAllocator(AllocatorOptions.parse("cached,segmentSize=4k," + options));
  }

  private static MachineStats machine(CachedAllocator allocator) {
    return allocator.machines().getFirst();
  }

  /// With a limit, too, where every call takes the M's lock.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cacheSize=32,batchSize=16",
        "cacheSize=24,batchSize=16",
        "cacheSize=16,batchSize=16",
        "cacheSize=7,batchSize=7",
        "cacheSize=1,batchSize=1",
        "cacheSize=3,batchSize=2",
        "maxBytes=64m"
      })
  void growsUntilABurstFits(String options) {
    try (CachedAllocator allocator = open(options)) {
      burst(allocator, 341, 400);
      MachineStats before = machine(allocator);
      burst(allocator, 341, 20);
      MachineStats after = machine(allocator);
      assertThat(after.refills()).isEqualTo(before.refills());
      assertThat(after.releases()).isEqualTo(before.releases());
      assertThat(after.allocations()).isEqualTo(before.allocations() + 20 * 341);
    }
  }

  @Test
  void doesNotGrowForASingleBurst() {
    try (CachedAllocator allocator = open("cacheSize=32")) {
      burst(allocator, 341, 1);
      assertThat(machine(allocator).idle()).isLessThanOrEqualTo(32);
    }
  }

  @Test
  void doesNotGrowWithoutAdapting() {
    try (CachedAllocator allocator = open("adaptive=0")) {
      burst(allocator, 341, 100);
      assertThat(machine(allocator).idle()).isLessThanOrEqualTo(32);
    }
  }

  @Test
  void givesBackWhatItNoLongerNeeds() {
    try (CachedAllocator allocator = open("cacheSize=32")) {
      burst(allocator, 341, 100);
      assertThat(machine(allocator).idle()).isGreaterThan(300);
      burst(allocator, 100, 2_000);
      assertThat(machine(allocator).idle()).isLessThan(200);
    }
  }

  /// Up and down within a few segments, wherever a batch ends, so that chains are cut in the
  /// middle.
  @Test
  void losesNothingAtTheEdgeOfABatch() {
    try (CachedAllocator allocator = open("cacheSize=32")) {
      burst(allocator, 341, 100);
      List<StackSegment> inUse = new ArrayList<>();
      for (int level = 0; level < 341; level++) {
        inUse.add(allocator.allocate());
        for (int i = 0; i < 50; i++) {
          List<StackSegment> few = Patterns.allocate(allocator, 1 + i % 3);
          Patterns.assertDisjoint(few);
          few.reversed().forEach(StackSegment::close);
        }
      }
      Patterns.assertDisjoint(inUse);
      inUse.reversed().forEach(StackSegment::close);
      assertNothingIsLost(allocator);
    }
  }

  /// A thread that is idle, with a cache of 1,000: up to a quarter more than that is held before
  /// anybody takes from it.
  @Test
  void isLeftAloneWhileLittleIsHeld() throws Exception {
    try (CachedAllocator allocator = open("adaptive=25");
        Worker idle = Worker.platform()) {
      idle.run(() -> burst(allocator, 1_000, 200));
      long kept = machine(allocator).idle();
      assertThat(kept).isGreaterThan(900);
      List<StackSegment> mine = Patterns.allocate(allocator, 200);
      assertThat(machine(allocator).idle()).isEqualTo(kept);
      mine.addAll(Patterns.allocate(allocator, 600));
      assertThat(machine(allocator).idle()).isLessThan(kept);
      mine.forEach(StackSegment::close);
    }
  }

  /// Two threads that want the same thousand in turn: in the end `cacheSize` more is held for each
  /// of them than the quarter that is granted to all, and no more.
  @Test
  void holdsWhatTheBoundAllowsWhereThreadsKeepBorrowing() throws Exception {
    try (CachedAllocator allocator = open("adaptive=25,cacheSize=32");
        Worker other = Worker.platform()) {
      for (int round = 0; round < 50; round++) {
        burst(allocator, 1_000, 20);
        other.run(() -> burst(allocator, 1_000, 20));
      }
      assertThat(allocator.sysBytes() / 4096).isBetween(1_250L + 17, 1_250L + 2 * 32);
    }
  }

  private static void burst(CachedAllocator allocator, int size, int times) {
    for (int i = 0; i < times; i++) {
      Patterns.allocate(allocator, size).reversed().forEach(StackSegment::close);
    }
  }

  /// Whatever a cache does, every segment is somewhere, and the counts say where.
  @ParameterizedTest
  @CsvSource({"32, 16", "24, 16", "40, 16", "16, 16", "7, 7", "1, 1", "3, 2"})
  void accountsForEverySegment(int cacheSize, int batchSize) {
    for (int seed = 0; seed < 30; seed++) {
      try (CachedAllocator allocator =
          open("adaptive=25,cacheSize=%d,batchSize=%d".formatted(cacheSize, batchSize))) {
        int peak = cacheSize + batchSize * (seed % 3 == 0 ? 6 : seed % 3 == 1 ? 16 : 60);
        walk(allocator, new Random(seed), cacheSize, peak);
        assertThat(allocator.sysBytes() / 4096).isLessThanOrEqualTo(peak + cacheSize + batchSize);
        assertNothingIsLost(allocator);
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
      assertThat(machine(allocator).inUse()).isEqualTo(inUse.size());
      assertThat(machine(allocator).idle()).isBetween(0L, (long) peak + cacheSize);
    }
    while (!inUse.isEmpty()) {
      inUse.pop().close();
    }
  }

  private static void assertNothingIsLost(CachedAllocator allocator) {
    assertThat(DepotView.inUse(allocator)).isZero();
    assertThat(DepotView.idle(allocator) + DepotView.drainAndCount(allocator))
        .isEqualTo(allocator.sysBytes() / 4096);
    // what the Ms say is what they have
    List<StackSegment> all = Patterns.allocate(allocator, (int) DepotView.idle(allocator));
    Patterns.assertDisjoint(all);
    assertThat(DepotView.idle(allocator)).isZero();
    all.forEach(StackSegment::close);
  }
}
