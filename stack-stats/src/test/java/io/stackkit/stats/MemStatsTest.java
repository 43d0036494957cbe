package io.stackkit.stats;

import static io.stackkit.stats.FakeAllocator.machine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.stackkit.api.CheckedStackAllocator;
import io.stackkit.api.LargeStats;
import io.stackkit.api.MachineStats;
import io.stackkit.api.StackAllocator;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemStatsTest {

  private static final long K = 4096;

  @Test
  void addsUpTheMsOfAnAllocator() {
    var allocator =
        new FakeAllocator()
            .reads(
                new MachineStats(0, 7, 3, 10, 3, 2, 1),
                new MachineStats(1, -5, 16, 20, 25, 4, 5),
                new MachineStats(4, 0, 1, 1, 1, 1, 0))
            .sys(64 * K);
    allocator.large = new LargeStats(1 << 20, 2 << 20, 9, 4);

    MemStats stats = MemStats.read(allocator);

    assertThat(stats.stacksInuse()).isEqualTo(2 * K);
    assertThat(stats.stacksSys()).isEqualTo(64 * K);
    assertThat(stats.stacksIdle()).isEqualTo(62 * K);
    assertThat(stats.allocations()).isEqualTo(31);
    assertThat(stats.frees()).isEqualTo(29);
    assertThat(stats.refills()).isEqualTo(7);
    assertThat(stats.releases()).isEqualTo(6);
    assertThat(stats.machines()).isEqualTo(3);
    assertThat(stats.large()).isEqualTo(new LargeStats(1 << 20, 2 << 20, 9, 4));
    assertThat(stats.exact()).isTrue();
    assertThat(stats.uncertainty()).isZero();
    assertThat(stats.allocators().getFirst().machines())
        .extracting(MachineStats::id)
        .containsExactly(0, 1, 4);
  }

  @Test
  void sumIsZeroWhereOneMAllocatesWhatAnotherFrees() {
    var allocator =
        new FakeAllocator().reads(machine(0, 6784, 0), machine(1, 0, 6784)).sys(6784 * K);

    assertThat(MemStats.read(allocator).stacksInuse()).isZero();
    assertThat(MemStats.read(allocator).stacksIdle()).isEqualTo(6784 * K);
  }

  @Test
  void driftBeyondThirtyTwoBitsIsExact() {
    long drift = 524_289; // times 4096 is beyond an int
    var allocator =
        new FakeAllocator()
            .reads(machine(0, 3 * drift, 0), machine(1, 0, drift), machine(2, 0, drift))
            .sys(3 * drift * K);

    MemStats stats = MemStats.read(allocator);

    assertThat(stats.stacksInuse()).isEqualTo(2_147_487_744L).isGreaterThan(Integer.MAX_VALUE);
    assertThat(stats.stacksIdle()).isEqualTo(2 * 2_147_487_744L);
    assertThat(MemStats.read(new FakeAllocator().reads(machine(0, 0, drift)).sys(K)).stacksInuse())
        .isEqualTo(-2_147_487_744L);
  }

  @Test
  void sumBeyondSixtyFourBitsIsAnErrorAndNoWrongFigure() {
    MemStats counts =
        MemStats.read(
            new FakeAllocator()
                .reads(machine(0, Long.MAX_VALUE, Long.MAX_VALUE), machine(1, 1, 1))
                .sys(K));
    MemStats bytes = MemStats.read(new FakeAllocator().reads(machine(0, 1L << 52, 0)).sys(K));

    assertThatExceptionOfType(ArithmeticException.class).isThrownBy(counts::allocations);
    assertThatExceptionOfType(ArithmeticException.class).isThrownBy(bytes::stacksInuse);
  }

  @Test
  void severalAllocatorsWithTheirOwnSegmentSizes() {
    var small = new FakeAllocator("fake,segmentSize=1k").reads(machine(0, 3, 0)).sys(16L << 10);
    var big = new FakeAllocator("fake,segmentSize=1m").reads(machine(0, 2, 0)).sys(16L << 20);

    MemStats stats = MemStats.read(small, big);

    assertThat(stats.stacksInuse()).isEqualTo((3L << 10) + (2L << 20));
    assertThat(stats.stacksSys()).isEqualTo((16L << 10) + (16L << 20));
    assertThat(stats.machines()).isEqualTo(2);
    assertThat(stats.allocators()).extracting(AllocatorStats::inUse).containsExactly(3L, 2L);
    assertThat(stats.allocators()).extracting(AllocatorStats::name).doesNotHaveDuplicates();
    assertThat(MemStats.read(small).plus(MemStats.read(big))).isEqualTo(stats);
  }

  @Test
  void noAllocatorsIsAllZeros() {
    MemStats none = MemStats.read();

    assertThat(none.stacksInuse()).isZero();
    assertThat(none.stacksSys()).isZero();
    assertThat(none.stacksIdle()).isZero();
    assertThat(none.machines()).isZero();
    assertThat(none.large()).isEqualTo(LargeStats.NONE);
    assertThat(none.exact()).isTrue();
    assertThat(none).isEqualTo(MemStats.read(List.of())).hasSameHashCodeAs(MemStats.read());
    assertThat(none.format()).isEqualTo("no allocators");
  }

  @Test
  void allocatorGivenTwiceIsRefusedBeforeAnythingIsRead() {
    var twice = new FakeAllocator("fake,cacheSize=64");
    var other = new FakeAllocator();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemStats.read(other, twice, twice))
        .withMessageStartingWith("allocators[2]: fake,cacheSize=64 is at [1] already; ");
    assertThat(other.readings + twice.readings).isZero();
  }

  @Test
  void checkedAllocatorAndWhatItWatchesOverAreOne() {
    var inner = new FakeAllocator().reads(machine(0, 3, 0)).sys(16 * K);
    StackAllocator checked = CheckedStackAllocator.over(inner);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemStats.read(inner, checked))
        .withMessageStartingWith("allocators[1]: checked fake is at [0] already; ");
    assertThatIllegalArgumentException().isThrownBy(() -> MemStats.read(checked, inner));
    assertThat(MemStats.read(checked).stacksInuse()).isEqualTo(3 * K);
  }

  @Test
  void nullIsRefusedByItsPlace() {
    assertThatNullPointerException()
        .isThrownBy(() -> MemStats.read(new FakeAllocator(), null))
        .withMessage("allocators[1]");
    assertThatNullPointerException().isThrownBy(() -> MemStats.read((StackAllocator[]) null));
  }

  @Test
  void nothingIsInUseWhereNoMemoryIsHeld() {
    var closedWithThreeLost = new FakeAllocator().reads(machine(0, 10, 7)).sys(0L);

    MemStats stats = MemStats.read(closedWithThreeLost);

    assertThat(stats.stacksInuse()).isZero();
    assertThat(stats.stacksIdle()).isZero();
    assertThat(stats.allocations() - stats.frees()).isEqualTo(3);
  }

  @Test
  void minusIsWhatHappenedSince() {
    var allocator = new FakeAllocator().reads(new MachineStats(0, 5, 11, 6, 1, 1, 0)).sys(16 * K);
    allocator.large = new LargeStats(100, 0, 1, 0);
    MemStats before = MemStats.read(allocator);
    allocator
        .reads(new MachineStats(0, 2, 14, 8, 6, 1, 0), new MachineStats(1, 4, 12, 4, 0, 1, 0))
        .sys(32 * K);
    allocator.large = new LargeStats(0, 100, 2, 1);

    MemStats since = MemStats.read(allocator).minus(before);

    assertThat(since.stacksInuse()).isEqualTo(K);
    assertThat(since.stacksSys()).isEqualTo(16 * K);
    assertThat(since.allocations()).isEqualTo(6);
    assertThat(since.frees()).isEqualTo(5);
    assertThat(since.large()).isEqualTo(new LargeStats(-100, 100, 1, 1));
    assertThat(since.allocators().getFirst().machines())
        .containsExactly(
            new MachineStats(0, -3, 3, 2, 5, 0, 0), new MachineStats(1, 4, 12, 4, 0, 1, 0));
  }

  @Test
  void minusAndPlusAreInverse() {
    var one = new FakeAllocator().reads(machine(0, 9, 2), machine(3, 1, 5)).sys(8 * K);
    var two = new FakeAllocator("fake,segmentSize=64k").reads(machine(0, 4, 4)).sys(64 * K);
    MemStats first = MemStats.read(one);
    MemStats both = MemStats.read(one, two);

    assertThat(both.minus(first).plus(first)).isEqualTo(both);
    MemStats onlyEarlier = first.minus(both);
    assertThat(onlyEarlier.stacksSys()).isEqualTo(-64 * K);
    assertThat(onlyEarlier.plus(both).stacksSys()).isEqualTo(first.stacksSys());
    assertThat(both.minus(both).stacksInuse()).isZero();
    // what was read stays as it was
    assertThat(first.stacksInuse()).isEqualTo(3 * K);
  }

  @Test
  void differenceKeepsWhatIsInUseEvenWhereSystemBytesAreEqual() {
    var allocator = new FakeAllocator().reads(machine(0, 1, 0)).sys(16 * K);
    MemStats before = MemStats.read(allocator);
    allocator.reads(machine(0, 8, 0));

    assertThat(MemStats.read(allocator).minus(before).stacksInuse()).isEqualTo(7 * K);
  }

  @Test
  void readingOutlivesLaterChanges() {
    var allocator = new FakeAllocator().reads(machine(0, 1, 0)).sys(16 * K);
    MemStats before = MemStats.read(allocator);
    allocator.reads(machine(0, 50, 0)).sys(64 * K);

    assertThat(before.stacksInuse()).isEqualTo(K);
    assertThat(before).isNotEqualTo(MemStats.read(allocator));
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> before.allocators().removeFirst());
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> before.allocators().getFirst().machines().removeFirst());
  }

  @Test
  void printsOneLineAndATable() {
    var allocator =
        new FakeAllocator("fake,cacheSize=64")
            .reads(
                new MachineStats(0, 12, 4, 1012, 1000, 1, 0),
                new MachineStats(1, -11, 27, 0, 11, 0, 1))
            .sys(64 * K);

    MemStats stats = MemStats.read(allocator);

    assertThat(stats.toString())
        .contains("inuse=4096", "sys=262144", "idle=258048", "allocations=1012", "machines=2")
        .doesNotContain("\n");
    String name = stats.allocators().getFirst().name();
    assertThat(stats.format().lines())
        .containsExactly(
            name
                + " (fake,cacheSize=64): in use 4k, idle 252k, system 256k;"
                + " large: in use 0, idle 0; exact",
            "  M  in use  idle  allocations  frees  refills  releases",
            "  0      12     4         1012   1000        1         0",
            "  1     -11    27            0     11        0         1",
            "all       1    31         1012   1011        1         1");
  }
}
