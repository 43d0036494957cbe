package io.stackkit.api.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackSegment;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What [HotPath] does with an open shelf without asking the implementation.
class QuickWaysTest {

  /// A short one, so that there are many ways to the shelf.
  private static final int PIECE = 2;

  private static final int ROOM = 64;

  @Test
  void isAStack() {
    try (Shelves allocator = new Shelves()) {
      ArrayDeque<StackSegment> free = new ArrayDeque<>();
      ArrayDeque<StackSegment> inUse = new ArrayDeque<>();
      for (int i = 0; i < PIECE * ROOM / 2; i++) {
        inUse.push(allocator.allocate());
      }
      Random random = new Random(1);
      for (int step = 0; step < 200_000; step++) {
        boolean up = inUse.isEmpty() || (!free.isEmpty() && random.nextBoolean());
        if (up) {
          StackSegment segment = allocator.allocate();
          if (!free.isEmpty()) {
            assertThat(segment).isSameAs(free.pop());
          }
          inUse.push(segment);
        } else {
          free.push(inUse.peek());
          allocator.free(inUse.pop());
        }
      }
      assertThat(allocator.calls.get()).isLessThan(10_000);
      inUse.forEach(allocator::free);
    }
  }

  /// A short batch, as a cut leaves one. Whoever has gone into it and comes back fills it before it
  /// goes to the shelf, which is more than half a piece; were it cut again, a recursion that ends
  /// there would cut each time.
  @Test
  void cutsAWholeBatchButNotAShortOne() {
    assertThat(callsOfAShortVisitTo(8)).isOne();
    assertThat(callsOfAShortVisitTo(5)).isZero();
    assertThat(callsOfAShortVisitTo(4)).isZero();
  }

  /// Puts a batch on the shelf, where 8 are a whole one; takes two from there, and frees until the
  /// shelf must have them.
  ///
  /// @return how often the implementation was asked
  private static int callsOfAShortVisitTo(int length) {
    try (Shelves allocator = new Shelves(8)) {
      ArrayDeque<StackSegment> inUse = new ArrayDeque<>();
      while (inUse.size() < 24) {
        inUse.push(allocator.allocate());
      }
      for (int i = 0; i < length; i++) {
        allocator.free(inUse.pop());
      }
      allocator.only.putAll(allocator.depot());
      int before = allocator.calls.get();
      inUse.push(allocator.allocate());
      inUse.push(allocator.allocate());
      for (int hot = length - 2; hot <= 8; hot++) {
        allocator.free(inUse.pop());
      }
      int calls = allocator.calls.get() - before;
      inUse.forEach(allocator::free);
      return calls;
    }
  }

  /// A thread that allocates and frees, and others that take whole batches from it all the time, so
  /// that they meet. What they take comes back through the depot.
  @ParameterizedTest
  @ValueSource(ints = {4, 8, 20})
  void givesEachSegmentToOne(int most) throws InterruptedException {
    try (Shelves allocator = new Shelves()) {
      AtomicIntegerArray held = new AtomicIntegerArray(10 * ROOM * PIECE);
      AtomicInteger faults = new AtomicInteger();
      AtomicBoolean over = new AtomicBoolean();
      PooledSegment[] inUse = new PooledSegment[most];
      inUse[0] = (PooledSegment) allocator.allocate();
      held.set(inUse[0].index, 1);
      int count = 1;
      Thread other = Thread.ofPlatform().start(() -> takeOldest(allocator, held, faults, over));

      Random random = new Random(most);
      for (int step = 0; step < 3_000_000; step++) {
        if (count < most && (count == 0 || random.nextBoolean())) {
          PooledSegment segment = (PooledSegment) allocator.allocate();
          faults.addAndGet(held.compareAndSet(segment.index, 0, 1) ? 0 : 1);
          inUse[count++] = segment;
        } else {
          PooledSegment segment = inUse[--count];
          held.set(segment.index, 0);
          allocator.free(segment);
        }
      }
      over.set(true);
      other.join();

      assertThat(faults).hasValue(0);
      while (count > 0) {
        allocator.free(inUse[--count]);
      }
      assertThat(allocator.machines()).hasSize(1).allMatch(m -> m.inUse() == 0);
    }
  }

  private static void takeOldest(
      Shelves allocator, AtomicIntegerArray held, AtomicInteger faults, AtomicBoolean over) {
    while (!over.get()) {
      long batch = allocator.only.takeOldest();
      if (batch != Shelf.NONE) {
        int first = Shelf.first(batch);
        for (int index = first; index != Machine.EMPTY; index = allocator.depot().next(index)) {
          faults.addAndGet(held.compareAndSet(index, 0, 1) ? 0 : 1);
        }
        for (int index = first; index != Machine.EMPTY; index = allocator.depot().next(index)) {
          held.set(index, 0);
        }
        allocator.depot().setCount(first, Shelf.count(batch));
        allocator.depot().push(0, first);
        allocator.only.countTaken(Shelf.count(batch));
      }
    }
  }

  /// An allocator whose shelves are open from the start.
  private static final class Shelves extends MachineAllocator<Shelves.Open> {

    private final AtomicInteger calls = new AtomicInteger();
    private final int piece;
    private Open only;

    Shelves() {
      this(PIECE);
    }

    Shelves(int piece) {
      super(
          AllocatorOptions.builder().allocator("test").segmentSize(256).build(),
          id -> new Open(id, piece),
          piece,
          1,
          new LargeSegments());
      this.piece = piece;
      this.only = new Open(0, piece);
    }

    @Override
    protected boolean refill(Open machine) {
      only = machine;
      calls.incrementAndGet();
      return machine.fetch(depot());
    }

    @Override
    protected void release(Open machine) {
      calls.incrementAndGet();
      machine.putAll(depot());
    }

    @Override
    protected void drain(Open machine, IntConsumer sink) {
      do {
        for (int index = machine.hot(); index != Machine.EMPTY; ) {
          int after = depot().next(index);
          sink.accept(index);
          index = after;
        }
        machine.countMoved(-machine.hotCount());
        machine.setHot(Machine.EMPTY, 0, piece);
      } while (machine.takeQuickly());
    }

    @Override
    protected boolean sharesIdle() {
      return true;
    }

    private static final class Open extends Shelf {

      Open(int id, int piece) {
        super(id, piece, piece, ROOM);
        quickPuts = Integer.MAX_VALUE;
        open();
      }

      boolean fetch(Depot depot) {
        return TestAllocator.fetch(this, depot, piece);
      }

      void putAll(Depot depot) {
        put(depot, EMPTY, hot(), hotCount(), piece);
      }
    }
  }
}
