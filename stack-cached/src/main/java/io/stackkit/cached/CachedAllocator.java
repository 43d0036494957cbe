package io.stackkit.cached;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.spi.MachineAllocator;
import java.util.function.IntConsumer;

/// The Go runtime's stack allocator as of January 2013 (commit
/// [f82db7d9](https://go.googlesource.com/go/+/f82db7d9e4ccf04b19a087561ab0f521fc36e5b1)), and what
/// it lacked.
///
/// ### The behaviour that is Go's
///
/// Each M keeps up to `cacheSize` free segments, the newest first. An empty cache is refilled with
/// a batch of `batchSize` from the shared depot; a full one releases its `batchSize` oldest there.
/// Only when the depot has no batch is memory asked from the system, a batch at a time. Hence the
/// bound: whatever thread frees what,
///
/// ```
/// segments held <= peak segments in use + cacheSize * Ms
/// ```
///
/// for at each system allocation the depot was empty and no M held more than its cache.
///
/// ### What is different
///
/// - Batches are chains linked through the handles, and the depot is in shards that need no lock:
///   see [io.stackkit.api.spi.Depot] and [CachedMachine].
/// - Where batches keep moving one way, as in a burst far beyond the cache, several move at once.
/// - A cache grows, a batch at a time, when its M gives batches away and needs them back again and
///   again. What it has grown by is not out of others' reach: whoever would have to ask the system
///   takes half of what stands on the [Shelf] of another M, and only what is in its hot chain, two
///   batches at most (or four, see [LongChains]), stays where it is. So growth needs no budget, and
///   costs no memory but what `adaptive` allows. An M that holds a batch for nothing puts it into
///   the depot when it next shelves some.
/// - Segments that travel between threads arrive cold, and their owner has to get others. So they
///   go home, to the M that had them from the system ([io.stackkit.api.spi.Depot]); and as long as
///   no more is held than `adaptive` percent on top of the peak in use and `cacheSize` for each M,
///   an M whose cache has grown, and that finds its home empty, gets a slab of its own, not what is
///   others'. (One whose cache has not may not live long enough to gain by it: where every M did
///   so, the benchmarks' `--workload churn` held 13.1 MB for 9.2 in use, and 7.3 for 6.5 now.)
///   Hence the bound of an allocator that adapts: `peak * (1 + adaptive / 100) + cacheSize * Ms`.
///   (The peak is what the counts of all Ms add up to when memory is wanted.)
/// - The Ms that virtual threads share do not grow: whose burst it is changes with every call, and
///   16,384 threads in turn took 18 % more than was in use where they did. With `adaptive=0` no M
///   does, and events happen exactly as in Go, one batch at a time.
/// - Dead threads' Ms are emptied before the system is asked; free slabs go back to the system
///   (`trim`), those of busy Ms' shelves, too.
final class CachedAllocator extends MachineAllocator<CachedMachine> {

  private final int adaptive;

  CachedAllocator(AllocatorOptions options) {
    this(options, new LongChains(options.adaptive()));
  }

  private CachedAllocator(AllocatorOptions options, LongChains longChains) {
    super(
        options,
        id ->
            new CachedMachine.Padded(
                id, options.cacheSize(), options.batchSize(), options.adaptive() > 0, longChains),
        options.batchSize(),
        shards(options),
        CachedLargeSegments.of(options));
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
    return machine.takeNewest() || machine.fetch(depot(), affordsFresh(machine));
  }

  @Override
  protected void release(CachedMachine machine) {
    machine.settle(depot());
    machine.lengthen(peakSeen());
    if (machine.hasTooMuch()) {
      machine.releaseOldest(depot());
      machine.shrinkByBatch();
    }
    // one that was full and had too much is full again
    if (machine.full()) {
      if (adaptive > 0 && machine.wantsMore() && !isShared(machine)) {
        machine.growByBatch();
      } else {
        machine.releaseOldest(depot());
      }
    }
    machine.shelve(depot());
  }

  @Override
  protected int lend(CachedMachine machine, boolean all) {
    return machine.lend(depot(), all);
  }

  @Override
  protected int spare() {
    return adaptive > 0 ? adaptive : -1;
  }

  @Override
  protected void drain(CachedMachine machine, IntConsumer sink) {
    machine.drain(depot(), sink);
  }

  @Override
  protected boolean sharesIdle() {
    return true;
  }
}
