package io.stackkit.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.MachineStats;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackAllocators;
import io.stackkit.api.segmented.SegmentedStack;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The workloads do what the commit's benchmarks do, counted.
class RecursionTest {

  @ParameterizedTest
  @CsvSource({
    "'cached,adaptive=0', 10, 3, 0",
    "'cached,adaptive=0', 1024, 341, 20",
    "fixalloc, 10, 3, 0",
    "fixalloc, 1024, 341, 0",
  })
  void takesAndGivesAsManySegmentsAsInGo(String spec, int calls, long segments, long batches) {
    try (StackAllocator allocator = StackAllocators.open(AllocatorOptions.parse(spec));
        SegmentedStack stack = Recursion.stack(allocator)) {
      Recursion.recurse(stack, calls);
      Recursion.recurse(stack, calls);
      MachineStats before = sum(allocator);

      Recursion.recurse(stack, calls);

      MachineStats done = sum(allocator).minus(before);
      assertThat(done.allocations()).isEqualTo(segments);
      assertThat(done.frees()).isEqualTo(segments);
      assertThat(done.refills()).isEqualTo(batches);
      assertThat(done.releases()).isEqualTo(batches);
    }
  }

  private static MachineStats sum(StackAllocator allocator) {
    return allocator.machines().stream().reduce(MachineStats::plus).orElseThrow();
  }
}
