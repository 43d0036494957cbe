package io.stackkit.cached;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackSegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Threads that allocate, free, hand over and die, by random numbers: nothing is handed out twice,
/// nothing gets lost, and memory stays within the bound.
class RandomThreadsTest {

  private static final VarHandle OWNER = ValueLayout.JAVA_LONG.varHandle();

  /// Platform threads at once; there are as many virtual ones.
  private static final int THREADS = 3;

  @ParameterizedTest
  @CsvSource({
    "1, 1, 4k, 0", "3, 2, 2k, 0", "24, 16, 4k, 0", "32, 16, 1k, 0", "32, 32, 4k, 0",
    "40, 16, 8k, 0", "7, 7, 64k, 0", "32, 16, 4k, 25", "24, 16, 4k, 25", "3, 2, 4k, 25",
    "7, 7, 4k, 100"
  })
  void keepToTheBound(int cacheSize, int batchSize, String segmentSize, int adaptive)
      throws InterruptedException {
    for (int seed = 0; seed < 3; seed++) {
      new Program(cacheSize, batchSize, segmentSize, adaptive, seed).run(6, 400);
    }
  }

  @ParameterizedTest
  @Tag("wide")
  @CsvSource({
    "1, 1, 4k, 0", "3, 2, 2k, 0", "24, 16, 4k, 0", "32, 16, 1k, 0", "32, 32, 4k, 0",
    "40, 16, 8k, 0", "7, 7, 64k, 0", "32, 16, 4k, 25", "24, 16, 4k, 25", "3, 2, 4k, 25",
    "7, 7, 4k, 100", "1, 1, 4k, 100", "64, 5, 4k, 50"
  })
  void keepToTheBoundForLong(int cacheSize, int batchSize, String segmentSize, int adaptive)
      throws InterruptedException {
    for (int seed = 100; seed < 140; seed++) {
      new Program(cacheSize, batchSize, segmentSize, adaptive, seed).run(20, 2_000);
    }
  }

  /// One allocator and what happens to it.
  private static final class Program {

    private final int cacheSize;
    private final int adaptive;
    private final int seed;
    private final CachedAllocator allocator;
    private final ConcurrentLinkedQueue<StackSegment> handedOver = new ConcurrentLinkedQueue<>();
    private final AtomicLong inUse = new AtomicLong();
    private final AtomicLong peak = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Program(int cacheSize, int batchSize, String segmentSize, int adaptive, int seed) {
      this.cacheSize = cacheSize;
      this.adaptive = adaptive;
      this.seed = seed;
      this.allocator =
          new CachedAllocator(
              AllocatorOptions.parse(
                  "cached,cacheSize=%d,batchSize=%d,segmentSize=%s,adaptive=%d"
                      .formatted(cacheSize, batchSize, segmentSize, adaptive)));
    }

    void run(int generations, int steps) throws InterruptedException {
      for (int generation = 0; generation < generations; generation++) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 2 * THREADS; i++) {
          long own = (seed * 1_000L + generation) * 100 + i + 1;
          Thread.Builder kind = i < THREADS ? Thread.ofPlatform() : Thread.ofVirtual();
          threads.add(kind.start(() -> live(own, steps)));
        }
        for (Thread thread : threads) {
          thread.join();
        }
        assertThat(failure.get()).isNull();
        checkBound();
      }
      finish();
    }

    private void live(long own, int steps) {
      try {
        SplittableRandom random = new SplittableRandom(own);
        List<StackSegment> mine = new ArrayList<>();
        int target = 0;
        for (int step = 0; step < steps; step++) {
          if (step % 25 == 0) {
            target = random.nextInt(random.nextBoolean() ? 8 : 120);
          }
          act(random, own, mine, target);
        }
        // what it holds when it dies is for others to free
        handedOver.addAll(mine);
      } catch (Throwable e) {
        failure.compareAndSet(null, e);
      }
    }

    @SuppressWarnings("ThreadPriorityCheck") // virtual threads change their carriers
    private void act(SplittableRandom random, long own, List<StackSegment> mine, int target) {
      int what = random.nextInt(16);
      if (what == 0 && !mine.isEmpty()) {
        handedOver.add(mine.removeLast());
      } else if (what == 1) {
        StackSegment others = handedOver.poll();
        if (others != null) {
          free(others);
        }
      } else if (what == 2) {
        Thread.yield();
      } else if (mine.size() < target) {
        mine.add(allocate(own));
      } else if (!mine.isEmpty()) {
        free(mine.remove(random.nextInt(4) == 0 ? random.nextInt(mine.size()) : mine.size() - 1));
      }
    }

    private StackSegment allocate(long own) {
      // counted before, and at the free after: never less than what is in use
      long now = inUse.incrementAndGet();
      peak.accumulateAndGet(now, Math::max);
      StackSegment segment = allocator.allocate();
      if (!OWNER.compareAndSet(segment.memory(), 0L, 0L, own)) {
        throw new AssertionError(segment + " has been handed out twice");
      }
      return segment;
    }

    private void free(StackSegment segment) {
      OWNER.setVolatile(segment.memory(), 0L, 0L);
      segment.close();
      inUse.decrementAndGet();
    }

    private void checkBound() {
      long held = allocator.sysBytes() / allocator.options().segmentSize();
      int machines = allocator.machines().size();
      assertThat(held)
          .as("seed %d, peak %s, Ms %d", seed, peak, machines)
          .isLessThanOrEqualTo(peak.get() * (100 + adaptive) / 100 + (long) cacheSize * machines);
      assertThat(DepotView.inUse(allocator)).isEqualTo(handedOver.size());
    }

    private void finish() {
      handedOver.forEach(this::free);
      handedOver.clear();
      assertThat(DepotView.inUse(allocator)).isZero();
      checkMachines();
      long held = allocator.sysBytes() / allocator.options().segmentSize();
      if (seed % 2 == 0) {
        assertThat(DepotView.idle(allocator) + DepotView.drainAndCount(allocator)).isEqualTo(held);
      } else {
        // everybody but this thread is dead, so all that is free can be reached
        allocator.trim();
        assertThat(allocator.sysBytes()).isZero();
        assertThat(DepotView.idle(allocator)).isZero();
      }
      allocator.close();
    }

    private void checkMachines() {
      int shared = Integer.highestOneBit(2 * Runtime.getRuntime().availableProcessors() * 2 - 1);
      // a thread that has been joined is dead; this one has an M as well
      assertThat(allocator.machines().size()).isLessThanOrEqualTo(shared + THREADS + 1);
    }
  }
}
