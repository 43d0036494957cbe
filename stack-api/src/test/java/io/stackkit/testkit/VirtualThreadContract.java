package io.stackkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.LocalAllocator;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackExhaustedException;
import io.stackkit.api.StackSegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
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
    try (StackAllocator allocator = open()) {
      useBesideBusyCarriers(allocator);
    }
  }

  @Test
  default void busyCarriersDoNotKeepOthersFromAllocatingAtTheLimit() throws Exception {
    try (StackAllocator allocator = openLimited(600)) {
      useBesideBusyCarriers(allocator);
    }
  }

  /// Virtual threads that never block have every carrier until the platform threads are done; and
  /// one of them that had to wait, with something that others need, would not get a carrier back.
  private static void useBesideBusyCarriers(StackAllocator allocator) throws Exception {
    int busy = 4 * Runtime.getRuntime().availableProcessors();
    int others = 3;
    AtomicInteger left = new AtomicInteger(others);
    Parallel.platform(
        others + 1,
        index -> {
          if (index == others) {
            Parallel.virtual(
                busy,
                i -> {
                  while (left.get() > 0) {
                    churn(allocator, i % 2 == 0);
                  }
                });
          } else {
            try {
              for (int i = 0; i < 300; i++) {
                churn(allocator, true);
              }
            } finally {
              left.decrementAndGet();
            }
          }
        });
    Figures.assertNothingInUse(allocator);
  }

  /// Allocates and frees once, and has the memory given back so that the next one needs it anew.
  private static void churn(StackAllocator allocator, boolean trims) {
    List<StackSegment> segments = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        segments.add(allocator.allocate());
      }
    } catch (StackExhaustedException _) {
      // others have them
    }
    segments.forEach(allocator::free);
    if (trims) {
      allocator.trim();
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
      long peak = 32 * 128L;
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
            .isLessThanOrEqualTo((peak + cached) * options().segmentSize());
      }
      Figures.assertNothingInUse(allocator);
    }
  }
}
