package io.stackkit.stats;

import static io.stackkit.stats.FakeAllocator.machine;
import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.MachineStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Allocators whose figures move while they are read.
class DoubleCollectTest {

  private static final long K = 4096;

  @Test
  void quietAllocatorIsReadTwice() {
    var allocator = new FakeAllocator().reads(machine(0, 5, 0)).sys(16 * K);

    assertThat(MemStats.read(allocator).exact()).isTrue();
    assertThat(allocator.readings).isEqualTo(2);
  }

  @Test
  void handoffBetweenTheReadingOfTwoMsIsNotBelieved() {
    // one segment goes from M 0 to M 1: the first reading saw the free, not the allocation
    var allocator =
        new FakeAllocator()
            .reads(machine(0, 5, 0), machine(1, 0, 6))
            .thenReads(machine(0, 6, 0), machine(1, 0, 6))
            .sys(16 * K);

    MemStats stats = MemStats.read(allocator);

    assertThat(stats.stacksInuse()).isZero();
    assertThat(stats.exact()).isTrue();
    assertThat(stats.uncertainty()).isZero();
    assertThat(allocator.readings).isEqualTo(3);
  }

  @Test
  void reportsTheMovementWhereReadingsNeverAgree() {
    var allocator = new FakeAllocator().sys(16 * K).reads(machine(0, 0, 0), machine(1, 0, 0));
    for (int i = 1; i <= 20; i++) {
      allocator.thenReads(machine(0, 3L * i, 0), machine(1, 2L * i, 4L * i));
    }

    MemStats stats = MemStats.read(allocator);

    assertThat(allocator.readings).isEqualTo(DoubleCollect.READINGS);
    assertThat(stats.exact()).isFalse();
    // between two readings: 3 + 2 allocations, 4 frees
    assertThat(stats.uncertainty()).isEqualTo(5);
    // the second reading of the first of equally good pairs
    assertThat(stats.stacksInuse()).isEqualTo(K);
    assertThat(stats.format()).contains("+-5 segments");
  }

  @Test
  void takesTheReadingWithTheLeastMovement() {
    var allocator =
        new FakeAllocator()
            .sys(1000 * K)
            .reads(machine(0, 100, 0))
            .thenReads(machine(0, 200, 0))
            .thenReads(machine(0, 203, 3))
            .thenReads(machine(0, 300, 3));
    for (int i = 0; i < 10; i++) {
      allocator.thenReads(machine(0, 400 + 100L * i, 3));
    }

    MemStats stats = MemStats.read(allocator);

    assertThat(stats.stacksInuse()).isEqualTo(200 * K);
    assertThat(stats.uncertainty()).isEqualTo(3);
  }

  @Test
  void mThatAppearsBetweenReadingsHadDoneNothingBefore() {
    var allocator = new FakeAllocator().sys(16 * K).reads();
    for (int i = 1; i <= 20; i++) {
      MachineStats[] all = new MachineStats[i];
      for (int id = 0; id < i; id++) {
        all[id] = machine(id, 2, 0);
      }
      allocator.thenReads(all);
    }

    assertThat(MemStats.read(allocator).uncertainty()).isEqualTo(2);
  }

  @Test
  void memoryThatComesOrGoesMeanwhileMakesTheReadingInexact() {
    var allocator = new FakeAllocator().reads(machine(0, 1, 0));
    allocator.sys(1 * K, 2 * K, 3 * K, 4 * K, 5 * K, 6 * K, 7 * K, 8 * K, 9 * K);

    MemStats stats = MemStats.read(allocator);

    assertThat(stats.exact()).isFalse();
    assertThat(stats.uncertainty()).isZero();
    assertThat(stats.stacksInuse()).isEqualTo(K);
  }

  @Test
  void differencesAddUpTheUncertaintyOfBothSides() {
    var allocator = new FakeAllocator().sys(16 * K).reads(machine(0, 0, 0));
    for (int i = 1; i <= 40; i++) {
      allocator.thenReads(machine(0, 2L * i, 0));
    }
    MemStats before = MemStats.read(allocator);

    MemStats since = MemStats.read(allocator).minus(before);

    assertThat(since.uncertainty()).isEqualTo(4);
    assertThat(since.exact()).isFalse();
    assertThat(since.plus(since).uncertainty()).isEqualTo(8);
  }

  /// The worst case: in every reading, a segment is allocated on an M that was read and freed on
  /// one that was not.
  @Test
  void errorIsTheUncertaintyWhenEveryHandoffFallsBetweenTwoMs() {
    AtomicInteger handoffs = new AtomicInteger();
    var allocator =
        new FakeAllocator() {
          @Override
          public List<MachineStats> machines() {
            MachineStats first = machine(0, handoffs.get(), 0);
            handoffs.addAndGet(7);
            return List.of(first, machine(1, 0, handoffs.get()));
          }
        };
    allocator.sys(16 * K);

    MemStats stats = MemStats.read(allocator);

    assertThat(stats.stacksInuse()).as("though nothing is in use").isEqualTo(-7 * K);
    assertThat(stats.uncertainty()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01, 0.05, 0.3, 1})
  void errorIsWithinTheUncertaintyWhateverHappensBetweenTwoMs(double business) {
    for (int seed = 0; seed < 500; seed++) {
      var allocator = new BusyAllocator(new Random(seed), business);

      AllocatorStats stats = MemStats.read(allocator).allocators().getFirst();

      assertThat(stats.inUse())
          .as("seed %d", seed)
          .isBetween(
              allocator.leastInUse - stats.uncertainty(),
              allocator.mostInUse + stats.uncertainty());
      if (business == 0) {
        assertThat(stats.exact()).isTrue();
      }
      if (stats.exact()) {
        assertThat(stats.uncertainty()).isZero();
      }
    }
  }

  /// A model of threads that go on while Ms are read one after another: between any two, it may
  /// allocate, free, or hand a whole burst from one M to another; and it knows how many segments
  /// were in use, from the first moment to the last.
  private static final class BusyAllocator extends FakeAllocator {

    private static final int MS = 6;

    private final long[] allocations = new long[MS];
    private final long[] frees = new long[MS];
    private final Random random;
    private final double business;
    private long inUse;
    long leastInUse;
    long mostInUse;

    BusyAllocator(Random random, double business) {
      this.random = random;
      this.business = business;
      sys(1_000_000 * K);
      for (int i = 0; i < 100; i++) {
        change();
      }
      leastInUse = inUse;
      mostInUse = inUse;
    }

    private void change() {
      int burst = 1 + random.nextInt(20);
      boolean allocates = random.nextBoolean();
      boolean frees = !allocates || random.nextBoolean();
      int allocatingM = random.nextInt(MS);
      int freeingM = random.nextInt(MS);
      for (int i = 0; i < burst; i++) {
        if (allocates) {
          allocations[allocatingM]++;
          note(1);
        }
        if (frees && inUse > 0) {
          this.frees[freeingM]++;
          note(-1);
        }
      }
    }

    private void note(int change) {
      inUse += change;
      leastInUse = Math.min(leastInUse, inUse);
      mostInUse = Math.max(mostInUse, inUse);
    }

    @Override
    public List<MachineStats> machines() {
      List<MachineStats> read = new ArrayList<>();
      for (int id = 0; id < MS; id++) {
        while (random.nextDouble() < Math.min(business, 0.8)) {
          change();
        }
        read.add(machine(id, allocations[id], frees[id]));
      }
      return read;
    }
  }
}
