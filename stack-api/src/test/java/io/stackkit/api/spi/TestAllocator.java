package io.stackkit.api.spi;

import io.stackkit.api.AllocatorOptions;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/// The least that stands on the core: an M keeps up to one batch; a full one goes to the depot
/// whole.
final class TestAllocator extends MachineAllocator<TestAllocator.TestMachine> {

  static final int SEGMENT_BYTES = 1024;

  private final int batch;
  private Runnable whenSeenEmpty = () -> {};
  private final AtomicInteger drainsLeft = new AtomicInteger(Integer.MAX_VALUE);

  TestAllocator(int batch, int shards, long maxBytes) {
    this(batch, shards, basics().maxBytes(maxBytes).build());
  }

  private TestAllocator(int batch, int shards, AllocatorOptions options) {
    super(options, id -> new TestMachine(id, batch), batch, shards, new LargeSegments());
    this.batch = batch;
  }

  private static AllocatorOptions.Builder basics() {
    return AllocatorOptions.builder().allocator("test").segmentSize(SEGMENT_BYTES);
  }

  /// An allocator that gives back what is free and was not needed for so long.
  static TestAllocator trimmingEvery(Duration idle) {
    return new TestAllocator(4, 2, basics().trimIdle(idle).build());
  }

  static TestAllocator unlimited(int batch, int shards) {
    return new TestAllocator(batch, shards, Long.MAX_VALUE);
  }

  /// An allocator that has handles without memory, and nothing in its depot.
  static TestAllocator withBareHandles(int shards, int handles) {
    TestAllocator allocator = unlimited(1, shards);
    allocator.segments = new PooledSegment[handles];
    for (int i = 0; i < handles; i++) {
      allocator.segments[i] = new PooledSegment(allocator, MemorySegment.NULL, i);
    }
    return allocator;
  }

  /// Has something done once, after a thread has found nothing in the depot.
  void whenDepotIsSeenEmpty(Runnable action) {
    whenSeenEmpty = action;
  }

  /// Lets an M run out of heap, once, before it is emptied.
  ///
  /// @param which 1 for the next one
  void failAtDrain(int which) {
    drainsLeft.set(which);
  }

  /// Says whether that has happened.
  boolean hasFailed() {
    return drainsLeft.get() <= 0;
  }

  Depot theDepot() {
    return depot();
  }

  @Override
  protected boolean refill(TestMachine machine) {
    boolean got = machine.fetch(depot());
    if (!got) {
      Runnable once = whenSeenEmpty;
      whenSeenEmpty = () -> {};
      once.run();
    }
    return got;
  }

  @Override
  protected void release(TestMachine machine) {
    machine.giveAll(depot(), batch);
  }

  @Override
  protected void drain(TestMachine machine, IntConsumer sink) {
    if (drainsLeft.decrementAndGet() == 0) {
      throw new OutOfMemoryError("no heap");
    }
    for (int i = machine.takeAll(batch); i != Machine.EMPTY; ) {
      int after = depot().next(i);
      sink.accept(i);
      i = after;
    }
  }

  @Override
  protected boolean sharesIdle() {
    return true;
  }

  /// Makes a batch of the depot the hot chain of an M, which is empty.
  static boolean fetch(Machine machine, Depot depot, int hotLimit) {
    machine.pending = depot.pop(machine.id(), 1);
    if (machine.pending == Machine.EMPTY) {
      return false;
    }
    int count = depot.count(machine.pending);
    machine.acceptPending(count, hotLimit, count, 1);
    return true;
  }

  static final class TestMachine extends Machine {

    private final int batch;

    TestMachine(int id, int batch) {
      super(id, batch);
      this.batch = batch;
    }

    boolean fetch(Depot depot) {
      return TestAllocator.fetch(this, depot, batch);
    }

    void giveAll(Depot depot, int count) {
      int first = hot();
      depot.setCount(first, count);
      letGo(first, count, 1, EMPTY, 0, batch);
      depot.push(id(), pending);
      pending = EMPTY;
    }

    int takeAll(int limit) {
      int first = hot();
      countMoved(-hotCount(limit));
      setHot(EMPTY, 0, limit);
      return first;
    }
  }
}
