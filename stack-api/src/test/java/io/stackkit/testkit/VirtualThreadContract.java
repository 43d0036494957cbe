package io.stackkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.LocalAllocator;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackSegment;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Virtual threads: any number of them, few Ms, and nothing that belongs to one of them.
public interface VirtualThreadContract extends AllocatorSubject {

  @Test
  default void tenThousandVirtualThreadsMayHoldSegmentsWhileParked() throws Exception {
    parkWithSegments(10_000, 1);
  }

  @Test
  @Tag("wide")
  default void aHundredThousandVirtualThreadsMayHoldSegmentsWhileParked() throws Exception {
    parkWithSegments(100_000, 2);
  }

  private void parkWithSegments(int threads, int segments) throws Exception {
    try (StackAllocator allocator = open()) {
      Set<Long> addresses = ConcurrentHashMap.newKeySet();
      // its action runs when all are parked, on the one that came last
      CyclicBarrier barrier =
          new CyclicBarrier(
              threads, () -> Figures.assertInUse(allocator, threads * (long) segments));
      Parallel.virtual(
          threads,
          _ -> {
            List<StackSegment> held = Patterns.allocate(allocator, segments);
            held.forEach(s -> addresses.add(s.memory().address()));
            barrier.await();
            Patterns.free(allocator, held);
          });
      assertThat(addresses).as("different memory").hasSize(threads * segments);
      assertThat(allocator.machines()).hasSizeLessThanOrEqualTo(sharedMachines());
      assertThat(Figures.of(allocator).frees()).isEqualTo(threads * (long) segments);
      Figures.assertNothingInUse(allocator);
    }
  }

  @Test
  default void moreVirtualThreadsMayRunThanThereAreCarriers() throws Exception {
    try (StackAllocator allocator = open()) {
      Parallel.virtual(
          500,
          index -> {
            LocalAllocator view = index % 2 == 0 ? allocator.local() : null;
            for (int i = 0; i < 40; i++) {
              StackSegment segment = view == null ? allocator.allocate() : view.allocate();
              Patterns.stamp(segment.memory(), index * 1_000_003L + i);
              Parallel.giveWay();
              Patterns.verify(segment.memory(), index * 1_000_003L + i);
              allocator.free(segment);
            }
          });
      assertThat(allocator.machines()).hasSizeLessThanOrEqualTo(sharedMachines());
      assertThat(Figures.of(allocator).allocations()).isEqualTo(500 * 40);
      Figures.assertNothingInUse(allocator);
    }
  }

  @Test
  default void busyCarriersDoNotKeepOthersFromAllocating() throws Exception {
    int processors = Runtime.getRuntime().availableProcessors();
    try (StackAllocator allocator = open()) {
      // virtual threads that never unmount, together with platform threads
      Parallel.platform(
          2,
          index -> {
            if (index == 0) {
              Parallel.virtual(4 * processors, _ -> churn(allocator, 500));
            } else {
              churn(allocator, 500);
            }
          });
      Figures.assertNothingInUse(allocator);
    }
  }

  private static void churn(StackAllocator allocator, int rounds) {
    for (int i = 0; i < rounds; i++) {
      List<StackSegment> segments = Patterns.allocate(allocator, 1 + i % 40);
      Patterns.free(allocator, segments);
    }
  }

  @Test
  default void segmentsMayTravelBetweenVirtualAndPlatformThreads() throws Exception {
    int producers = 50;
    int each = 200;
    BlockingQueue<StackSegment> queue = new LinkedBlockingQueue<>();
    try (StackAllocator allocator = open()) {
      Parallel.platform(
          3,
          index -> {
            if (index == 0) {
              Parallel.virtual(producers, _ -> queue.addAll(Patterns.allocate(allocator, each)));
            } else {
              for (int i = 0; i < producers * each / 2; i++) {
                allocator.free(queue.take());
              }
            }
          });
      Figures.assertNothingInUse(allocator);
      assertThat(Figures.of(allocator).frees()).isEqualTo((long) producers * each);
    }
  }

  @Test
  default void virtualThreadsOneAfterAnotherTakeNoMoreMemory() throws Exception {
    try (StackAllocator allocator = open()) {
      for (int i = 0; i < 500; i++) {
        Parallel.virtual(1, _ -> Patterns.free(allocator, Patterns.allocate(allocator, 4)));
      }
      assertThat(allocator.machines()).hasSizeLessThanOrEqualTo(sharedMachines());
      if (boundedCaches()) {
        long cached = options().cacheSize() * (long) allocator.machines().size();
        assertThat(allocator.sysBytes())
            .isLessThanOrEqualTo((4 + cached) * options().segmentSize());
      }
      Figures.assertNothingInUse(allocator);
    }
  }

  /// The Ms that they share keep no more than any M is sure of, whatever `adaptive` says: whose
  /// bursts these are changes with every call.
  @Test
  default void burstsOfVirtualThreadsTakeLittleMoreThanTheyUse() throws Exception {
    try (StackAllocator allocator = open()) {
      for (int round = 0; round < 40; round++) {
        Parallel.virtual(
            32,
            _ -> {
              for (int i = 0; i < 4; i++) {
                List<StackSegment> segments = Patterns.allocate(allocator, 128);
                Parallel.giveWay();
                Patterns.free(allocator, segments);
              }
            });
      }
      if (boundedCaches()) {
        long cached = options().cacheSize() * (long) allocator.machines().size();
        assertThat(allocator.sysBytes())
            .isLessThanOrEqualTo((4096 + cached) * options().segmentSize());
      }
      Figures.assertNothingInUse(allocator);
    }
  }
}
