package io.stackkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackSegment;
import io.stackkit.api.Zeroing;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Random programs of several threads, under various options.
public interface RandomProgramContract extends AllocatorSubject {

  @Test
  default void randomProgramsOfOneThread() throws Exception {
    runRandomly(1, 0, 20_000);
  }

  @Test
  default void randomProgramsOfSeveralThreads() throws Exception {
    runRandomly(4, 0, 10_000);
  }

  @Test
  default void randomProgramsOfVirtualAndPlatformThreads() throws Exception {
    runRandomly(2, 20, 2_000);
  }

  @Test
  @Tag("wide")
  default void longRandomPrograms() throws Exception {
    for (int i = 0; i < 20; i++) {
      runRandomly(8, 0, 50_000);
      runRandomly(4, 100, 10_000);
    }
  }

  private void runRandomly(int threads, int virtualThreads, int steps) throws Exception {
    long seed = RandomProgram.seed();
    try (StackAllocator allocator = open()) {
      new RandomProgram(this, allocator, seed)
          .threads(threads)
          .virtualThreads(virtualThreads)
          .steps(steps)
          .run();
      Figures.assertNothingInUse(allocator);
    }
  }

  @Test
  default void randomProgramsAtTheLimit() throws Exception {
    long seed = RandomProgram.seed();
    int limit = 150;
    try (StackAllocator allocator = openLimited(limit)) {
      RandomProgram program =
          new RandomProgram(this, allocator, seed).threads(4).virtualThreads(4).steps(5_000).run();
      assertThat(program.peakInUse()).isPositive();
      List<StackSegment> all = LimitContract.allocateAll(allocator);
      assertThat(all).as("what can be had afterwards, seed %d", seed).hasSize(limit);
      Patterns.free(allocator, all);
    }
  }

  @Test
  default void randomProgramsWithZeroing() throws Exception {
    long seed = RandomProgram.seed();
    for (Zeroing zeroing : List.of(Zeroing.ON_ALLOCATE, Zeroing.ON_FREE)) {
      try (StackAllocator allocator = openWith(o -> o.zeroing(zeroing))) {
        new RandomProgram(this, allocator, seed).threads(3).steps(3_000).run();
      }
    }
  }

  @Test
  default void randomProgramsThatTrim() throws Exception {
    long seed = RandomProgram.seed();
    try (StackAllocator allocator = open()) {
      new RandomProgram(this, allocator, seed)
          .threads(3)
          .virtualThreads(5)
          .steps(4_000)
          .trimming()
          .run();
      Figures.assertNothingInUse(allocator);
    }
  }

  @Test
  default void memoryIsBoundedByThePeakInUseAndTheCaches() throws Exception {
    Assumptions.assumeTrue(boundedCaches());
    for (int[] sizes : new int[][] {{32, 16}, {8, 8}, {5, 2}}) {
      long seed = RandomProgram.seed();
      try (StackAllocator allocator =
          openWith(o -> o.cacheSize(sizes[0]).batchSize(sizes[1]).adaptive(0))) {
        RandomProgram program =
            new RandomProgram(this, allocator, seed).threads(5).steps(5_000).run();
        long cached = sizes[0] * (long) allocator.machines().size();
        assertThat(allocator.sysBytes() / options().segmentSize())
            .as("segments obtained, peak in use %d, seed %d", program.peakInUse(), seed)
            .isLessThanOrEqualTo(program.peakInUse() + cached);
      }
    }
  }
}
