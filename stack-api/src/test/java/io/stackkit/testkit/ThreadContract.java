package io.stackkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.LocalAllocator;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackSegment;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Several platform threads, segments that travel between them, and views for one thread.
public interface ThreadContract extends AllocatorSubject {

  @Test
  default void noSegmentIsHandedOutTwiceAtATime() throws Exception {
    try (StackAllocator allocator = open()) {
      ConcurrentHashMap<Long, Integer> inUse = new ConcurrentHashMap<>();
      Parallel.platform(
          4,
          index -> {
            for (int round = 0; round < 100; round++) {
              List<StackSegment> segments = Patterns.allocate(allocator, 1 + round % 70);
              for (StackSegment s : segments) {
                assertThat(inUse.put(s.memory().address(), index)).isNull();
              }
              Patterns.verify(segments);
              for (StackSegment s : segments) {
                assertThat(inUse.remove(s.memory().address())).isEqualTo(index);
                allocator.free(s);
              }
            }
          });
      Figures.assertNothingInUse(allocator);
    }
  }

  @Test
  default void segmentsMayTravelFromThreadToThread() throws Exception {
    int count = 20_000;
    BlockingQueue<StackSegment> queue = new ArrayBlockingQueue<>(64);
    try (StackAllocator allocator = open()) {
      Parallel.platform(
          4,
          index -> {
            for (int i = 0; i < count; i++) {
              if (index % 2 == 0) {
                StackSegment segment = allocator.allocate();
                Patterns.stamp(segment.memory(), segment.memory().address());
                queue.put(segment);
              } else {
                StackSegment segment = queue.take();
                Patterns.verify(segment.memory(), segment.memory().address());
                allocator.free(segment);
              }
            }
          });
      Figures.assertNothingInUse(allocator);
      Figures figures = Figures.of(allocator);
      assertThat(figures.allocations()).isEqualTo(2L * count);
      if (boundedCaches()) {
        long cached = options().cacheSize() * (long) allocator.machines().size();
        long grown = cached + options().batchSize() * 4L;
        assertThat(allocator.sysBytes())
            .as("memory of segments that always travel the same way")
            .isLessThanOrEqualTo((2 * (64 + 4) + grown) * options().segmentSize());
      }
    }
  }

  @Test
  default void aViewIsAsGoodAsTheAllocator() throws Exception {
    try (StackAllocator allocator = open()) {
      LocalAllocator local = allocator.local();
      StackSegment one = local.allocate();
      StackSegment two = allocator.allocate();
      assertThat(one.byteSize()).isEqualTo(options().segmentSize());
      Patterns.assertDisjoint(List.of(one, two));
      Figures.assertInUse(allocator, 2);
      allocator.free(one);
      local.free(two);
      StackSegment large = allocator.allocate(options().segmentSize() + 1L);
      local.free(large);
      Figures.assertNothingInUse(allocator);
      Parallel.virtual(
          2,
          _ -> {
            LocalAllocator view = allocator.local();
            view.free(view.allocate());
          });
      Figures.assertNothingInUse(allocator);
    }
  }

  @Test
  default void manyViewsOfOneThreadTakeNoMoreMachines() {
    try (StackAllocator allocator = open()) {
      allocator.allocate().close();
      int machines = allocator.machines().size();
      for (int i = 0; i < 1000; i++) {
        LocalAllocator view = allocator.local();
        view.free(view.allocate());
      }
      assertThat(allocator.machines()).hasSizeLessThanOrEqualTo(machines + 1);
    }
  }

  @Test
  default void aViewMayBeUsedByAllThreadsAtOnce() throws Exception {
    try (StackAllocator allocator = open()) {
      LocalAllocator view = allocator.local();
      Parallel.platform(
          3,
          index -> {
            if (index == 0) {
              Parallel.virtual(4, i -> useView(allocator, view, 10 + i));
            } else {
              useView(allocator, view, index);
            }
          });
      useView(allocator, view, 0);
      Figures.assertNothingInUse(allocator);
    }
  }

  @Test
  default void theOwnerOfAViewAndOthersMayUseItAtOnce() throws Exception {
    try (StackAllocator allocator = open()) {
      AtomicBoolean stop = new AtomicBoolean();
      LocalAllocator view = allocator.local();
      Thread other =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!stop.get()) {
                      StackSegment segment = view.allocate();
                      Patterns.stamp(segment.memory(), 1);
                      Patterns.verify(segment.memory(), 1);
                      view.free(segment);
                    }
                  });
      try {
        for (int i = 0; i < 5; i++) {
          useView(allocator, view, i);
        }
      } finally {
        stop.set(true);
        other.join();
      }
      Figures.assertNothingInUse(allocator);
    }
  }

  @Test
  default void theViewOfADeadThreadIsStillRight() throws Exception {
    try (StackAllocator allocator = open()) {
      LocalAllocator orphan =
          Parallel.elsewhere(
              () -> {
                LocalAllocator view = allocator.local();
                view.free(view.allocate());
                return view;
              });
      // one of these takes up the M that the view was made for
      Parallel.platform(
          3, index -> useView(allocator, index == 0 ? orphan : allocator.local(), index));
      useView(allocator, orphan, 3);
      Figures.assertNothingInUse(allocator);
    }
  }

  private static void useView(StackAllocator allocator, LocalAllocator view, int index) {
    for (int round = 0; round < 50; round++) {
      StackSegment[] segments = new StackSegment[1 + round];
      for (int i = 0; i < segments.length; i++) {
        segments[i] = view.allocate();
        Patterns.stamp(segments[i].memory(), index * 1_000_003L + i);
      }
      for (int i = 0; i < segments.length; i++) {
        Patterns.verify(segments[i].memory(), index * 1_000_003L + i);
        if (i % 2 == 0) {
          view.free(segments[i]);
        } else {
          allocator.free(segments[i]);
        }
      }
    }
  }
}
