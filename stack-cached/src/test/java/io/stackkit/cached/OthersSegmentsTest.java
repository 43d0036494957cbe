package io.stackkit.cached;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackSegment;
import io.stackkit.api.spi.Depot;
import io.stackkit.testkit.Patterns;
import io.stackkit.testkit.Worker;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of segments that an M's cache grew by, but that were obtained for another one.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OthersSegmentsTest {

  private static final int DEEP = 341;

  private static CachedAllocator open(String options) {
    return new CachedAllocator(
        AllocatorOptions.parse("cached,segmentSize=1k,cacheSize=32,batchSize=16," + options));
  }

  private static void burst(CachedAllocator allocator, int size, int times) {
    List<StackSegment> segments = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      for (int j = 0; j < size; j++) {
        segments.add(allocator.allocate());
      }
      segments.reversed().forEach(StackSegment::close);
      segments.clear();
    }
  }

  private static long held(CachedAllocator allocator) {
    return allocator.sysBytes() / 1024;
  }

  private static long shared(List<StackSegment> some, List<StackSegment> others) {
    Set<StackSegment> all = new HashSet<>(others);
    return some.stream().filter(all::contains).count();
  }

  private static long ownedBy(List<StackSegment> first, CachedAllocator allocator) {
    List<StackSegment> now = Patterns.allocate(allocator, DEEP);
    long own = shared(now, first);
    now.reversed().forEach(StackSegment::close);
    return own;
  }

  /// Two threads whose caches grew by each other's. What goes home is exchanged, so that hardly
  /// more is held than before.
  @Test
  void areExchanged() throws Exception {
    try (CachedAllocator allocator = open("adaptive=25");
        Worker other = Worker.platform()) {
      List<StackSegment> mine = Patterns.allocate(allocator, DEEP);
      mine.reversed().forEach(StackSegment::close);
      other.run(() -> burst(allocator, DEEP, 60));
      // the second half is its own, and goes when the cache is full again
      other.run(() -> burst(allocator, 2 * DEEP, 1));
      burst(allocator, DEEP, 60);
      // much at once, so that more may be held
      List<StackSegment> those = other.call(() -> Patterns.allocate(allocator, DEEP));
      burst(allocator, 2 * DEEP, 1);
      other.run(() -> those.reversed().forEach(StackSegment::close));
      long held = held(allocator);
      assertThat(other.call(() -> ownedBy(mine, allocator))).isGreaterThan(DEEP / 2);

      for (int round = 0; round < 40; round++) {
        burst(allocator, DEEP, 500);
        other.run(() -> burst(allocator, DEEP, 500));
      }
      assertThat(other.call(() -> ownedBy(mine, allocator))).isLessThan(DEEP / 4);
      assertThat(held(allocator)).isBetween(held, held + 2 * 32);
    }
  }

  /// A thread whose cache grew by what another one has left, and could have had its own.
  @Test
  void areReplacedAsFarAsTheBoundAllows() throws Exception {
    try (CachedAllocator allocator = open("adaptive=25");
        Worker other = Worker.platform()) {
      List<StackSegment> mine = Patterns.allocate(allocator, DEEP);
      mine.reversed().forEach(StackSegment::close);
      other.run(() -> burst(allocator, DEEP, 60));
      // both at once, so that more may be held
      List<StackSegment> those = other.call(() -> Patterns.allocate(allocator, DEEP));
      burst(allocator, DEEP, 1);
      other.run(() -> those.reversed().forEach(StackSegment::close));
      long most = 2 * DEEP * 5 / 4 + 2 * 32;
      long others = other.call(() -> ownedBy(mine, allocator));
      assertThat(held(allocator)).isLessThan(most - 7 * 16);
      assertThat(others).isGreaterThan(DEEP / 2);

      other.run(() -> burst(allocator, DEEP, 20_000));
      assertThat(held(allocator)).isBetween(most - 6 * 16, most);
      assertThat(other.call(() -> ownedBy(mine, allocator))).isLessThanOrEqualTo(others - 7 * 16);
    }
  }

  /// A cache that has not grown, and gets a batch of twice its own size from one that has.
  @Test
  void leaveInWholeSlabs() throws Exception {
    try (CachedAllocator allocator = open("adaptive=25");
        Worker other = Worker.platform()) {
      burst(allocator, DEEP, 60);
      // what it has too much of goes to the depot, 32 at a time
      burst(allocator, 100, 2_000);
      other.run(() -> burst(allocator, 2 * 32 + 6, 1));
      assertThat(DepotView.depotOf(allocator).count(peek(allocator))).isGreaterThan(1);
      for (List<Integer> batch : DepotView.drainIndices(allocator)) {
        assertThat(batch.size() % 16).as("%s", batch).isZero();
        for (int from = 0; from < batch.size(); from += 16) {
          assertThat(batch.subList(from, from + 16).stream().map(index -> index / 16).distinct())
              .as("slabs of %s", batch)
              .hasSize(1);
        }
      }
    }
  }

  private static int peek(CachedAllocator allocator) {
    Depot depot = DepotView.depotOf(allocator);
    int first = depot.pop(0, 1);
    depot.pushHome(first);
    return first;
  }

  /// Errors strike at every call on the way home.
  @Test
  void areNotLostWhenAStackOverflowStrikes() throws Exception {
    long[] errors = new long[1];
    for (int offset = 0; offset < 200; offset++) {
      try (CachedAllocator allocator = open("adaptive=25")) {
        // what is at home with two other Ms
        burst(allocator, 64, 1);
        Worker other = Worker.platform();
        other.run(() -> burst(allocator, 128, 1));
        allocator.trim();
        burst(allocator, 64, 1);
        long there = held(allocator) - DepotView.idle(allocator);
        CachedMachine machine = new CachedMachine.Padded(5, 32, 16, true, new LongChains(25));
        Depot depot = DepotView.depotOf(allocator);
        int levels = offset % 20;
        Thread thread =
            new Thread(
                null, () -> errors[0] += new Torn(machine, depot).run(levels), "torn", 192 << 10);
        thread.start();
        thread.join();
        machine.settle(depot);
        assertThat(machine.stats().idle()).isZero();
        assertThat(DepotView.drainAndCount(allocator)).isEqualTo(there);
        other.close();
      }
    }
    assertThat(errors[0]).isPositive();
  }

  /// Sends all home at the end of the stack.
  private static final class Torn {
    private final CachedMachine machine;
    private final Depot depot;
    private int framesLeft;
    private long errors;

    Torn(CachedMachine machine, Depot depot) {
      this.machine = machine;
      this.depot = depot;
    }

    long run(int levels) {
      return levels == 0 ? descendAndSend() : run(levels - 1) + levels - levels;
    }

    private long descendAndSend() {
      descend();
      machine.settle(depot);
      while (machine.hasOthers(depot)) {
        machine.sendOthersHome(depot);
      }
      return errors;
    }

    @SuppressWarnings("InfiniteRecursion") // to the end of the stack
    private void descend() {
      try {
        descend();
      } catch (StackOverflowError e) {
        framesLeft = 600;
      }
      if (framesLeft > 0) {
        framesLeft--;
        act();
      }
    }

    private void act() {
      try {
        machine.settle(depot);
        if (machine.stats().idle() == 0) {
          machine.fetch(depot, false);
        }
        machine.sendOthersHome(depot);
      } catch (StackOverflowError e) {
        errors++;
      }
    }
  }
}
