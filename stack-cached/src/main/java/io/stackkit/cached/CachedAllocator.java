package io.stackkit.cached;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.spi.MachineAllocator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/// The Go runtime's stack allocator as of January 2013, and what it lacked.
///
/// ### The behaviour that is Go's
///
/// Each M keeps up to `cacheSize` free segments, the newest first. An empty cache is refilled with
/// a batch of `batchSize` from the shared depot; a full one releases its `batchSize` oldest there.
/// Only when the depot has no batch is memory asked from the system, a batch at a time. Hence the
/// bound: whatever thread frees what,
///
/// ```
/// segments ever obtained <= peak segments in use + cacheSize * Ms
/// ```
///
/// for at each system allocation the depot was empty and no M held more than its cache.
///
/// ### What is different
///
/// - Batches are chains linked through the handles, and the depot is in shards that need no lock:
///   see [io.stackkit.api.spi.Depot] and [CachedMachine].
/// - Where batches keep moving one way, as in a burst far beyond the cache, several move at once.
/// - A cache may grow, a batch at a time, when its M gives batches away and needs them back again
///   and again. All growth together stays within a budget, `adaptive` percent of the peak in use,
///   which becomes the second term of the bound: `peak * (1 + adaptive / 100) + cacheSize * Ms`.
///   The peak is not counted, for that would be a shared counter on the hot path. But whenever the
///   system is asked the depot is empty, so that all segments held are in use or cached: at least
///   `held - cacheSize * Ms - grown` are in use then, and the largest of these figures is what the
///   budget is a share of. (It must be the figure of that moment. Taken later, when caches have
///   shrunk but the memory they made the kit ask for is still held, it would take that memory for a
///   peak, allow more growth, and so on.) An M that holds a batch for nothing gives it back when it
///   next shelves some, and a dead one when memory is needed. The Ms that virtual threads share do
///   not grow: whose burst it is changes with every call, and 16,384 threads in turn took 18 % more
///   than was in use where they did. With `adaptive=0` events happen exactly as in Go, one batch at
///   a time.
/// - Dead threads' Ms are emptied before the system is asked; free slabs go back to the system
///   (`trim`).
final class CachedAllocator extends MachineAllocator<CachedMachine> {

  private final int cacheSize;
  private final int batchSize;
  private final int adaptive;

  /// Segments by which caches have grown, all Ms together.
  private final AtomicLong grown = new AtomicLong();

  /// Segments that were certainly in use at one moment; only grows.
  private volatile long peakAtLeast;

  CachedAllocator(AllocatorOptions options) {
    super(
        options,
        id ->
            new CachedMachine.Padded(
                id, options.cacheSize(), options.batchSize(), options.adaptive() > 0),
        options.batchSize(),
        shards(options),
        CachedLargeSegments.of(options));
    this.cacheSize = options.cacheSize();
    this.batchSize = options.batchSize();
    this.adaptive = options.adaptive();
  }

  /// By default twice the processors, at least 8: an M's home is its id modulo the number of
  /// shards, and fewer shards than busy Ms share.
  private static int shards(AllocatorOptions options) {
    int wanted = options.shards();
    return powerOfTwo(
        wanted > 0 ? wanted : Math.max(8, 2 * Runtime.getRuntime().availableProcessors()));
  }

  @Override
  protected boolean refill(CachedMachine machine) {
    machine.settle(depot());
    return machine.takeNewest() || machine.fetch(depot());
  }

  @Override
  protected void release(CachedMachine machine) {
    machine.settle(depot());
    if (machine.hasTooMuch()) {
      machine.releaseOldest(depot());
      machine.shrinkByBatch();
      grown.addAndGet(-batchSize);
    }
    // one that was full and had too much is full again
    if (machine.full() && !grow(machine)) {
      machine.releaseOldest(depot());
    }
    machine.shelve();
  }

  @Override
  protected void aboutToGrow(long held) {
    long inUse = held - (long) cacheSize * machinesUsed() - grown.get();
    if (inUse > peakAtLeast) {
      peakAtLeast = inUse;
    }
  }

  private boolean grow(CachedMachine machine) {
    if (adaptive == 0 || isShared(machine) || !machine.wantsMore()) {
      return false;
    }
    long now = grown.get();
    if (now + batchSize > peakAtLeast * adaptive / 100
        || !grown.compareAndSet(now, now + batchSize)) {
      return false;
    }
    machine.growByBatch();
    return true;
  }

  @Override
  protected void drain(CachedMachine machine, IntConsumer sink) {
    machine.settle(depot());
    grown.addAndGet(-machine.grown());
    machine.drain(depot(), sink);
  }

  @Override
  protected boolean sharesIdle() {
    return true;
  }
}
