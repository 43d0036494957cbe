package io.stackkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.LargeStats;
import io.stackkit.api.MachineStats;
import io.stackkit.api.StackAllocator;
import java.util.List;

/// All figures of an allocator at one moment, summed over its Ms; two readings are equal when
/// nothing has happened between them.
public record Figures(
    long inUse,
    long idle,
    long allocations,
    long frees,
    long refills,
    long releases,
    long sysBytes,
    LargeStats large) {

  /// Reads the figures. Exact only while no operation is under way.
  public static Figures of(StackAllocator allocator) {
    MachineStats sum =
        allocator.machines().stream()
            .reduce(new MachineStats(0, 0, 0, 0, 0, 0, 0), MachineStats::plus);
    return new Figures(
        sum.inUse(),
        sum.idle(),
        sum.allocations(),
        sum.frees(),
        sum.refills(),
        sum.releases(),
        allocator.sysBytes(),
        allocator.large());
  }

  /// Returns what callers have taken and given back, without what is kept idle for them: that may
  /// change when memory is looked for in vain.
  public Figures ofCallers() {
    LargeStats callers = new LargeStats(large.inUseBytes(), 0, large.allocations(), 0);
    return new Figures(inUse, 0, allocations, frees, 0, 0, 0, callers);
  }

  /// Checks what holds whenever no operation is under way, and that so many fixed-size segments are
  /// in use.
  public static void assertInUse(StackAllocator allocator, long segments) {
    List<MachineStats> machines = allocator.machines();
    Figures figures = of(allocator);
    assertThat(figures.inUse).as("segments in use, of %s", machines).isEqualTo(segments);
    assertThat(machines)
        .allSatisfy(
            m -> {
              assertThat(m.inUse()).isEqualTo(m.allocations() - m.frees());
              assertThat(m.idle()).isNotNegative();
              assertThat(m.refills()).isNotNegative();
              assertThat(m.releases()).isNotNegative();
            });
    assertThat(machines).extracting(MachineStats::id).doesNotHaveDuplicates().isSorted();
    assertThat(figures.sysBytes)
        .as("bytes from the system, of %s", machines)
        .isGreaterThanOrEqualTo((figures.inUse + figures.idle) * allocator.options().segmentSize());
  }

  /// Checks that nothing is in use, of any size.
  public static void assertNothingInUse(StackAllocator allocator) {
    assertInUse(allocator, 0);
    assertThat(allocator.large().inUseBytes()).as("bytes of large segments in use").isZero();
  }
}
