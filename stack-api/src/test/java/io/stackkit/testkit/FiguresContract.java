package io.stackkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.LargeStats;
import io.stackkit.api.MachineStats;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackSegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// The figures: exact whenever nothing is under way, harmless to read at any time.
public interface FiguresContract extends AllocatorSubject {

  @Test
  default void aNewAllocatorHasHandedOutNothing() {
    try (StackAllocator allocator = open()) {
      Figures figures = Figures.of(allocator);
      assertThat(figures.allocations()).isZero();
      assertThat(figures.frees()).isZero();
      assertThat(allocator.large()).isEqualTo(LargeStats.NONE);
      Figures.assertNothingInUse(allocator);
    }
  }

  @Test
  default void saysWithWhichOptionsItWasOpened() {
    try (StackAllocator allocator = openWith(o -> o.maxBytes(1L << 30))) {
      assertThat(allocator.options()).isEqualTo(options().toBuilder().maxBytes(1L << 30).build());
    }
  }

  @Test
  default void everyAllocationAndFreeIsCounted() {
    try (StackAllocator allocator = open()) {
      List<StackSegment> segments = Patterns.allocate(allocator, 100);
      Figures.assertInUse(allocator, 100);
      Patterns.free(allocator, segments.subList(0, 30));
      Figures.assertInUse(allocator, 70);
      segments.subList(30, 100).forEach(StackSegment::close);
      Figures figures = Figures.of(allocator);
      assertThat(figures.allocations()).isEqualTo(100);
      assertThat(figures.frees()).isEqualTo(100);
      Figures.assertNothingInUse(allocator);
    }
  }

  @Test
  default void whatWasObtainedIsInUseOrIdle() {
    try (StackAllocator allocator = open()) {
      List<StackSegment> segments = Patterns.allocate(allocator, 100);
      long size = options().segmentSize();
      assertThat(allocator.sysBytes()).isGreaterThanOrEqualTo(100 * size);
      Patterns.free(allocator, segments);
      Figures.assertNothingInUse(allocator);
    }
  }

  @Test
  default void segmentsFreedElsewhereSumUpToNothingInUse() throws Exception {
    try (StackAllocator allocator = open();
        Worker one = Worker.platform();
        Worker two = Worker.platform();
        Worker virtual = Worker.virtual()) {
      List<StackSegment> first = one.call(() -> Patterns.allocate(allocator, 50));
      List<StackSegment> second = two.call(() -> Patterns.allocate(allocator, 40));
      List<StackSegment> third = virtual.call(() -> Patterns.allocate(allocator, 30));
      Figures.assertInUse(allocator, 120);
      two.run(() -> Patterns.free(allocator, first));
      Figures.assertInUse(allocator, 70);
      virtual.run(() -> Patterns.free(allocator, second));
      one.run(() -> Patterns.free(allocator, third));
      Figures.assertNothingInUse(allocator);
      assertThat(Figures.of(allocator).allocations()).isEqualTo(120);
    }
  }

  @Test
  default void aReadingDoesNotChangeAfterwards() {
    try (StackAllocator allocator = open()) {
      StackSegment segment = allocator.allocate();
      List<MachineStats> machines = allocator.machines();
      List<MachineStats> copy = List.copyOf(machines);
      allocator.free(segment);
      assertThat(machines).isEqualTo(copy);
      assertThat(allocator.machines()).isNotEqualTo(copy);
    }
  }

  @Test
  default void readingWhileThreadsRunIsOffByNoMoreThanWhatIsUnderWay() throws Exception {
    int writers = 3;
    try (StackAllocator allocator = open()) {
      AtomicInteger running = new AtomicInteger(writers);
      Parallel.platform(
          writers + 1,
          index -> {
            if (index == writers) {
              readUntilNoneRuns(allocator, running, writers);
              return;
            }
            try {
              for (int i = 0; i < 20_000; i++) {
                allocator.allocate().close();
              }
            } finally {
              running.decrementAndGet();
            }
          });
      Figures.assertNothingInUse(allocator);
      assertThat(Figures.of(allocator).allocations()).isEqualTo(writers * 20_000L);
    }
  }

  private static void readUntilNoneRuns(
      StackAllocator allocator, AtomicInteger running, int writers) {
    long allocations = 0;
    while (running.get() > 0) {
      Figures now = Figures.of(allocator);
      assertThat(now.inUse()).isBetween(-(long) writers, 2L * writers);
      assertThat(now.idle()).isNotNegative();
      assertThat(now.sysBytes()).isNotNegative();
      assertThat(now.allocations()).isGreaterThanOrEqualTo(allocations);
      allocations = now.allocations();
    }
  }
}
