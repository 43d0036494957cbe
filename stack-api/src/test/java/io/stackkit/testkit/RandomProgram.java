package io.stackkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.LocalAllocator;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackExhaustedException;
import io.stackkit.api.StackSegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Threads that allocate, free, hand on and take over segments at random, held against a model: a
/// map of all that is in use. Every segment carries its owner's mark from end to end for as long as
/// it is in use.
///
/// The seed determines what each thread decides (not how threads interleave) and is in every
/// failure. To run one again: `-Dio.stackkit.test.seed=SEED`.
public final class RandomProgram {

  /// The segments that one thread holds at most.
  private static final int MOST_HELD = 120;

  private final AllocatorSubject subject;
  private final StackAllocator allocator;
  private final long seed;
  private final ConcurrentHashMap<Long, Long> ownerByAddress = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Held> handedOn = new ConcurrentLinkedQueue<>();
  private final AtomicLong allocations = new AtomicLong();
  private final AtomicLong inUse = new AtomicLong();
  private final AtomicLong peak = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private int threads = 4;
  private int virtualThreads;
  private int steps = 5_000;
  private boolean trims;

  /// Prepares a program.
  public RandomProgram(AllocatorSubject subject, StackAllocator allocator, long seed) {
    this.subject = subject;
    this.allocator = allocator;
    this.seed = seed;
  }

  private record Held(StackSegment segment, long owner) {}

  /// Returns the seed to use: the system property's, else another one each time.
  public static long seed() {
    return Long.getLong("io.stackkit.test.seed", System.nanoTime());
  }

  /// Sets the number of platform threads.
  public RandomProgram threads(int count) {
    threads = count;
    return this;
  }

  /// Sets the number of virtual threads that run beside them.
  public RandomProgram virtualThreads(int count) {
    virtualThreads = count;
    return this;
  }

  /// Sets the number of operations of each thread.
  public RandomProgram steps(int count) {
    steps = count;
    return this;
  }

  /// Lets threads trim now and then.
  public RandomProgram trimming() {
    trims = true;
    return this;
  }

  /// Runs the program, gives everything back, and checks the figures against the model.
  public RandomProgram run() throws InterruptedException {
    Figures before = Figures.of(allocator);
    try {
      Parallel.platform(
          threads + 1,
          index -> {
            if (index == threads) {
              Parallel.virtual(virtualThreads, i -> new Actor(threads + i).run());
            } else {
              new Actor(index).run();
            }
          });
      for (Held held = handedOn.poll(); held != null; held = handedOn.poll()) {
        release(held, null);
      }
      Figures after = Figures.of(allocator);
      assertThat(ownerByAddress).isEmpty();
      assertThat(after.inUse()).isEqualTo(before.inUse());
      assertThat(after.allocations() - before.allocations()).isEqualTo(allocations.get());
      assertThat(after.frees() - before.frees()).isEqualTo(allocations.get());
      assertThat(after.large().inUseBytes()).isEqualTo(before.large().inUseBytes());
      assertThat(after.sysBytes() + after.large().sysBytes())
          .isLessThanOrEqualTo(allocator.options().maxBytes());
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "random program with seed %d (-Dio.stackkit.test.seed=%<d) on %s: %s"
              .formatted(seed, allocator.options(), e),
          e);
    }
    return this;
  }

  /// Returns the most fixed-size segments that were in use at a time, counting those being
  /// allocated or freed.
  public long peakInUse() {
    return peak.get();
  }

  /// Returns how many requests were refused for want of memory.
  public long refused() {
    return refused.get();
  }

  private StackSegment acquire(long owner, boolean large, int units, LocalAllocator view) {
    if (large) {
      return allocator.allocate((long) units * subject.options().segmentSize() + owner % 64 + 1);
    }
    peak.accumulateAndGet(inUse.incrementAndGet(), Math::max);
    try {
      StackSegment segment =
          view != null
              ? view.allocate()
              : units == 1 ? allocator.allocate(1) : allocator.allocate();
      allocations.incrementAndGet();
      return segment;
    } catch (Throwable e) {
      inUse.decrementAndGet();
      throw e;
    }
  }

  private void release(Held held, LocalAllocator view) {
    StackSegment segment = held.segment;
    boolean fixed = segment.byteSize() == subject.options().segmentSize();
    Patterns.verify(segment.memory(), held.owner);
    assertThat(ownerByAddress.remove(segment.memory().address())).isEqualTo(held.owner);
    if (view != null) {
      view.free(segment);
    } else if (held.owner % 3 == 0) {
      segment.close();
    } else {
      allocator.free(segment);
    }
    if (fixed) {
      inUse.decrementAndGet();
    }
  }

  /// One thread's part.
  private final class Actor {
    private final SplittableRandom random;
    private final List<Held> held = new ArrayList<>();
    private final LocalAllocator view;
    private final int index;
    private long made;

    Actor(int index) {
      this.index = index;
      this.random = new SplittableRandom(seed * 31 + index);
      this.view = allocator.local();
    }

    void run() {
      int step = 0;
      while (step < steps) {
        // bursts, so that caches run empty and full
        int burst = 1 + random.nextInt(MOST_HELD);
        int kind = random.nextInt(10);
        for (int i = 0; i < burst && step < steps; i++, step++) {
          operate(kind);
        }
        if (trims && random.nextInt(20) == 0) {
          allocator.trim();
        }
      }
      while (!held.isEmpty()) {
        release(held.removeLast(), viewOrNull());
      }
    }

    private void operate(int kind) {
      switch (kind) {
        case 0, 1, 2, 3 -> take();
        case 4, 5, 6, 7 -> give(held.size() - 1);
        case 8 -> {
          if (random.nextBoolean()) {
            give(held.isEmpty() ? -1 : random.nextInt(held.size()));
          } else {
            take();
          }
        }
        default -> exchange();
      }
    }

    private LocalAllocator viewOrNull() {
      return random.nextBoolean() ? view : null;
    }

    private void take() {
      if (held.size() >= MOST_HELD) {
        return;
      }
      long owner = (index + 1L) << 40 | ++made;
      try {
        boolean large = random.nextInt(60) == 0;
        StackSegment segment = acquire(owner, large, 1 + random.nextInt(8), viewOrNull());
        Long other = ownerByAddress.putIfAbsent(segment.memory().address(), owner);
        assertThat(other).as("owner of what was handed out as free").isNull();
        Patterns.stamp(segment.memory(), owner);
        held.add(new Held(segment, owner));
      } catch (StackExhaustedException _) {
        refused.incrementAndGet();
      }
    }

    private void give(int at) {
      if (at >= 0) {
        release(held.remove(at), viewOrNull());
      }
    }

    /// Hands one on to whoever comes, or takes over what another handed on.
    private void exchange() {
      if (!held.isEmpty() && random.nextBoolean()) {
        handedOn.add(held.removeLast());
        return;
      }
      Held taken = handedOn.poll();
      if (taken != null) {
        Patterns.verify(taken.segment.memory(), taken.owner);
        if (held.size() < MOST_HELD && random.nextBoolean()) {
          held.add(taken);
        } else {
          release(taken, viewOrNull());
        }
      }
    }
  }
}
