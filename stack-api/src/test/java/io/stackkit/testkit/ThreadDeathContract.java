package io.stackkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackSegment;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Threads that end, in whatever way: their Ms are taken up by others, and what they held is all
/// that may be lost.
public interface ThreadDeathContract extends AllocatorSubject {

  @Test
  default void theMachineOfADeadThreadIsTakenUpByTheNext() throws Exception {
    try (StackAllocator allocator = open()) {
      Parallel.elsewhere(() -> useOnce(allocator));
      int machines = allocator.machines().size();
      long sysBytes = allocator.sysBytes();
      for (int i = 1; i < 200; i++) {
        Parallel.elsewhere(() -> useOnce(allocator));
      }
      assertThat(allocator.machines()).as("Ms of 200 threads, one at a time").hasSize(machines);
      assertThat(allocator.sysBytes()).as("a warm cache is taken up").isEqualTo(sysBytes);
      assertThat(Figures.of(allocator).allocations()).as("counts go on").isEqualTo(200 * 20);
      Figures.assertNothingInUse(allocator);
    }
  }

  @Test
  default void machinesAreBoundedByThePeakOfLiveThreads() throws Exception {
    try (StackAllocator allocator = open()) {
      Parallel.platform(8, _ -> useOnce(allocator));
      for (int i = 0; i < 20; i++) {
        Parallel.platform(8, _ -> useOnce(allocator));
      }
      assertThat(allocator.machines()).hasSizeLessThanOrEqualTo(8 + sharedMachines());
      assertThat(Figures.of(allocator).allocations()).isEqualTo(21 * 8 * 20);
      Figures.assertNothingInUse(allocator);
    }
  }

  /// Ten times over: 160 threads, 8 of them alive, of which each takes 40 segments.
  @Test
  default void threadsThatComeAndGoTakeNoMoreMemoryTheTenthTime() throws Exception {
    int alive = 8;
    int each = 40;
    try (StackAllocator allocator = open()) {
      for (int repetition = 1; repetition <= 10; repetition++) {
        for (int i = 0; i < 20; i++) {
          Parallel.platform(
              alive, _ -> Patterns.free(allocator, Patterns.allocate(allocator, each)));
        }
        assertThat(allocator.machines()).hasSizeLessThanOrEqualTo(alive);
        assertThat(allocator.sysBytes())
            .as("after repetition %d", repetition)
            .isLessThanOrEqualTo(mostBytes(allocator, alive * each));
      }
      Figures.assertNothingInUse(allocator);
    }
  }

  /// What an allocator may have obtained where no more than `peak` segments were in use at once.
  private long mostBytes(StackAllocator allocator, int peak) {
    long machines = allocator.machines().size();
    if (!boundedCaches()) {
      // each M rounds its share up to chunks of 128 KiB
      return peak * (long) options().segmentSize() + machines * (128 << 10);
    }
    long grown = peak * (long) options().adaptive() / 100;
    return (peak + grown + options().cacheSize() * machines) * options().segmentSize();
  }

  @Test
  default void segmentsOutliveTheThreadThatAllocatedThem() throws Exception {
    try (StackAllocator allocator = open()) {
      List<StackSegment> left = Parallel.elsewhere(() -> Patterns.allocate(allocator, 50));
      for (int i = 0; i < 5; i++) {
        Parallel.elsewhere(() -> useOnce(allocator));
      }
      Figures.assertInUse(allocator, 50);
      Patterns.free(allocator, left);
      Figures.assertNothingInUse(allocator);
    }
  }

  private static boolean useOnce(StackAllocator allocator) {
    Patterns.free(allocator, Patterns.allocate(allocator, 20));
    return true;
  }

  @Test
  default void aThreadThatRunsOutOfStackLosesAtMostWhatItHeld() throws Exception {
    overflowStacks(40);
  }

  @Test
  @Tag("wide")
  default void manyThreadsThatRunOutOfStackLoseAtMostWhatTheyHeld() throws Exception {
    overflowStacks(2_000);
  }

  private void overflowStacks(int deaths) throws Exception {
    long seed = RandomProgram.seed();
    StackAllocator allocator = openWith(o -> o.adaptive(0));
    // initializers that overflow the stack would leave their classes unusable for good
    new Diver(allocator, seed).exercise(2_000);
    for (int i = 0; i < deaths; i++) {
      Diver diver = new Diver(allocator, seed + i);
      assertThat(diver.dieOfStackOverflow())
          .as("seed %d", seed)
          .isInstanceOf(StackOverflowError.class);
      diver.verifyAndFree();
    }
    long uncertain = Figures.of(allocator).inUse();
    assertThat(uncertain)
        .as("segments in use: one operation per death is uncertain, seed %d", seed)
        .isBetween(-(long) deaths, (long) deaths);
    takeAndGiveBackAll(allocator, deaths);
    assertThat(Figures.of(allocator).inUse()).isEqualTo(uncertain);
    closeWithLosses(allocator, uncertain);
  }

  private void takeAndGiveBackAll(StackAllocator allocator, int deaths) {
    long known = allocator.sysBytes() / options().segmentSize();
    List<StackSegment> all = Patterns.allocate(allocator, Math.toIntExact(known));
    Patterns.assertDisjoint(all);
    long lost = allocator.sysBytes() / options().segmentSize() - known;
    assertThat(boundedCaches() ? lost : 0)
        .as("segments lost in %d deaths, each with at most a cache and a batch", deaths)
        .isLessThanOrEqualTo((options().cacheSize() + 2L * options().batchSize()) * (deaths + 1L));
    Patterns.free(allocator, all);
  }

  private static void closeWithLosses(StackAllocator allocator, long uncertain) {
    try {
      allocator.close();
    } catch (IllegalStateException e) {
      if (uncertain == 0) {
        throw e;
      }
    }
    assertThat(allocator.sysBytes()).isZero();
  }

  /// Recurses without end, allocating and freeing at every level, so that the error comes anywhere
  /// in the allocator.
  final class Diver {

    private static final int MOST = 64;

    /// Little, so that few levels do and the error comes soon.
    private static final long STACK_BYTES = 256 << 10;

    private final StackAllocator allocator;
    private final SplittableRandom random;
    private final StackSegment[] stack = new StackSegment[MOST];
    private int count;

    Diver(StackAllocator allocator, long seed) {
      this.allocator = allocator;
      this.random = new SplittableRandom(seed);
    }

    @SuppressWarnings("InfiniteRecursion")
    private void dive() {
      // a call in the allocator needs more stack than eight of these
      if (random.nextInt(8) == 0) {
        operate();
      }
      dive();
    }

    void exercise(int operations) {
      for (int i = 0; i < operations; i++) {
        operate();
      }
      while (count > 0) {
        allocator.free(stack[--count]);
      }
    }

    private void operate() {
      // mostly little, now and then as much as runs a cache empty or full
      int most = random.nextInt(16) == 0 ? MOST : 2;
      int burst = random.nextInt(-most, most + 1);
      for (int i = burst; i < 0 && count > 0; i++) {
        StackSegment segment = stack[--count];
        Patterns.verify(segment.memory(), segment.memory().address());
        allocator.free(segment);
      }
      for (int i = 0; i < burst && count < MOST; i++) {
        StackSegment segment = allocator.allocate();
        stack[count++] = segment;
        Patterns.stamp(segment.memory(), segment.memory().address());
      }
    }

    Throwable dieOfStackOverflow() throws InterruptedException {
      AtomicReference<Throwable> end = new AtomicReference<>();
      Thread thread = new Thread(null, this::dive, "diver", STACK_BYTES);
      thread.setUncaughtExceptionHandler((_, e) -> end.set(e));
      thread.start();
      thread.join();
      return end.get();
    }

    /// Gives back what it held; a segment whose free was under way is left out.
    void verifyAndFree() {
      for (int i = 0; i < count; i++) {
        StackSegment segment = stack[i];
        // the last mark may not have been made
        if (i < count - 1) {
          Patterns.verify(segment.memory(), segment.memory().address());
        }
        allocator.free(segment);
      }
    }
  }
}
