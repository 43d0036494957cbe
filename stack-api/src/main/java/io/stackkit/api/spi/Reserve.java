package io.stackkit.api.spi;

import static io.stackkit.api.spi.Machine.EMPTY;

import io.stackkit.api.ByteSizes;
import io.stackkit.api.LargeStats;
import io.stackkit.api.StackExhaustedException;
import io.stackkit.api.internal.MountedLock;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// The cold side of a [MachineAllocator]: memory from the system and back to it. One lock guards it
/// all; nobody holds an M's lock while waiting for it. Under it nobody parks or yields, so nothing
/// that has locks of its own is called there but what has a [MountedLock], too.
final class Reserve<M extends Machine> {

  /// How often to look again at the limit while segments are seen to be free but on their way
  /// between Ms.
  private static final int LAST_LOOKS = 100;

  /// How long a thread waits between two looks. Where every M can be reached it waits up to twenty
  /// times as long, for whoever has an M may have lost its processor.
  private static final long PAUSE_NANOS = 50_000;

  private final MachineAllocator<M> allocator;
  private final MachineRegistry<M> registry;
  private final Depot depot;
  private final SystemMemory memory;
  private final LargeSegments large;
  private final Slabs slabs;
  private final Reach<M> reach;
  private final int batch;
  private final int segmentBytes;
  private final MountedLock lock = new MountedLock();
  private volatile boolean closed;

  /// Slabs obtained so far; tells the idle policy whether memory was needed lately.
  private final AtomicLong growths = new AtomicLong();

  /// How many bytes may be held before Ms get what was obtained for others, as last worked out.
  /// Written under the lock.
  private volatile long freshUpTo;

  /// The peak in use as far as it was seen. Written under the lock.
  private volatile long peak;

  private int looksSkipped; // guarded by the lock

  /// Whether it was the system, not the limit, that refused last. Guarded by the lock.
  private boolean refusedBySystem;

  Reserve(
      MachineAllocator<M> allocator,
      MachineRegistry<M> registry,
      Depot depot,
      SystemMemory memory,
      LargeSegments large,
      int slabSegments,
      int segmentBytes) {
    this.allocator = allocator;
    this.registry = registry;
    this.depot = depot;
    this.memory = memory;
    this.large = large;
    this.batch = slabSegments;
    this.segmentBytes = segmentBytes;
    this.reach = new Reach<>(allocator, registry, depot, slabSegments);
    this.slabs = new Slabs(allocator, memory, slabSegments, segmentBytes);
  }

  /// What is held in segments of the fixed size; after a close whatever is still held, by leases
  /// and native calls.
  long bytes() {
    return closed ? memory.held() : slabs.bytes();
  }

  long growths() {
    return growths.get();
  }

  boolean isClosed() {
    return closed;
  }

  void checkOpen() {
    if (closed) {
      throw closed();
    }
  }

  IllegalStateException closed() {
    return new IllegalStateException(allocator + " is closed");
  }

  /// Gets a batch into the depot: from the system only if there was a moment at which the depot had
  /// none, or as long as everybody may have their own. The caller must hold no M's lock.
  ///
  /// @param home where the batch goes
  /// @throws StackExhaustedException if there is none to be had
  void grow(int home) {
    StackProbe.ensureRoom();
    for (int look = 0; !tryToGrow(home, look); look++) {
      // outside the lock: what keeps large segments has locks of its own
      if (!large.reclaim()) {
        pause(PAUSE_NANOS * (allocator.locked() ? Math.min(look + 1, 20) : 1));
      }
    }
  }

  private static void pause(long nanos) {
    long start = System.nanoTime();
    do {
      // comes back at once in a thread that was interrupted
      LockSupport.parkNanos(nanos);
    } while (System.nanoTime() - start < nanos);
  }

  /// Looks for a batch once.
  ///
  /// @param look how often that was done before
  /// @return false if it is worth looking again, after large segments were evicted and free ones
  ///   have arrived where they were going
  private boolean tryToGrow(int home, int look) {
    lock.lock();
    try {
      checkOpen();
      long allowed = allowed();
      boolean affordable = fits(allowed);
      boolean fresh = affordable && !registry.isShared(home);
      // whoever has looked at home only is to look elsewhere, or to come back
      freshUpTo = allowed;
      if (fresh ? depot.hasAny(home) : !depot.isEmpty()) {
        return true;
      }
      if (allocator.sharesIdle()
          && (reach.takeBackFromDead(home) || (!affordable && borrow(home)))) {
        return true;
      }
      int first = obtain(home);
      if (first != EMPTY) {
        growths.incrementAndGet();
        depot.push(home, first);
        return true;
      }
      // there is nothing fresh to wait for
      freshUpTo = 0;
      if (look == 0 && large.idleBytes() > 0) {
        return false;
      }
      if (reach.takeBackAll(home) || !depot.isEmpty()) {
        return true;
      }
      if (look == LAST_LOOKS || slabs.bytes() / segmentBytes <= inUse()) {
        throw exhausted(segmentBytes, refusedBySystem);
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  private int obtain(int home) {
    try {
      refusedBySystem = false;
      return slabs.obtain(home);
    } catch (StackExhaustedException e) {
      refusedBySystem = true;
      return EMPTY;
    }
  }

  /// Takes batches from the M of a thread that has some.
  private boolean borrow(int home) {
    return allocator.spare() >= 0
        && registry.findAny(machine -> reach.borrow(machine, false, home));
  }

  /// Says whether so little is held, as far as it is known, that everybody may have their own. Any
  /// thread may ask.
  boolean affordsFresh() {
    return fits(freshUpTo);
  }

  private boolean fits(long allowed) {
    return slabs.bytes() + (long) batch * segmentBytes <= allowed;
  }

  /// How many bytes may be held before Ms get what was obtained for others.
  private long allowed() {
    int spare = allocator.spare();
    if (spare < 0) {
      return 0;
    }
    long granted = peak() * (100 + spare) / 100;
    long cached = (long) allocator.options().cacheSize() * registry.used();
    return (granted + cached) * segmentBytes;
  }

  /// The most segments that were seen in use, as of the last time that memory was wanted. Any
  /// thread may ask.
  long peakSeen() {
    return peak;
  }

  /// The most segments that were seen in use, now as well. To look costs a few nanoseconds for each
  /// M, so where there are many of them it is not done each time.
  private long peak() {
    if (++looksSkipped * (long) MachineRegistry.PROBES >= registry.used()) {
      looksSkipped = 0;
      peak = Math.max(peak, registry.inUseAtLeast());
    }
    return peak;
  }

  /// Gives free slabs back, and sees to it that their pages leave the process.
  long trim() {
    long given = trimSlabs();
    NativeHeap.trimAfter(given);
    return given;
  }

  /// Gives free slabs back to the C library, for another use by this allocator.
  long trimSlabs() {
    checkOpen();
    if (!allocator.sharesIdle()) {
      return 0;
    }
    StackProbe.ensureRoom();
    long before = memory.held();
    large.reclaim();
    long given = Math.max(0, before - memory.held());
    lock.lock();
    try {
      checkOpen();
      return given + trimFree();
    } finally {
      lock.unlock();
    }
  }

  private long trimFree() {
    IndexBag bag = reach.bag();
    IndexBag left = bag;
    try {
      reach.drainAll(bag);
      reach.drainDepot(bag);
      bag.sort();
      IndexBag kept = reach.bag();
      kept.ensureRoom(bag.size());
      left = kept;
      return giveBackWhole(bag, kept);
    } finally {
      reach.restock(left, depot::homeOf);
    }
  }

  /// Counts per slab, which is nobody's business on the hot path, and gives back those that are
  /// whole.
  private long giveBackWhole(IndexBag bag, IndexBag kept) {
    long given = 0;
    int from = 0;
    try {
      while (from < bag.size()) {
        int slab = slabs.numberOf(bag.get(from));
        int to = from;
        while (to < bag.size() && slabs.numberOf(bag.get(to)) == slab) {
          to++;
        }
        long bytes = to - from == slabs.segmentsOf(slab) ? slabs.giveBack(slab) : 0;
        for (; bytes == 0 && from < to; from++) {
          kept.accept(bag.get(from));
        }
        given += bytes;
        from = to;
      }
      return given;
    } finally {
      for (; from < bag.size(); from++) {
        kept.accept(bag.get(from));
      }
    }
  }

  /// Figures for a refusal.
  StackExhaustedException exhausted(long requestedBytes, boolean bySystem) {
    LargeStats big = large.stats();
    long inUseBytes = big.inUseBytes() + inUse() * segmentBytes;
    long idle = Math.max(0, memory.held() - inUseBytes);
    return new StackExhaustedException(
        requestedBytes, inUseBytes, idle, bySystem ? Long.MAX_VALUE : memory.limit());
  }

  private long inUse() {
    return registry.all().stream().mapToLong(machine -> machine.stats().inUse()).sum();
  }

  void close() {
    StackProbe.ensureRoom();
    if (!shut()) {
      return;
    }
    // everybody else is refused by now
    long before = memory.held();
    LargeSegments.Closed larges = large.close();
    long inUse = larges.inUse();
    int busy = larges.busy();
    lock.lock();
    try {
      inUse += inUse();
      busy += slabs.giveBackAll();
    } finally {
      lock.unlock();
    }
    NativeHeap.trimAfter(before - memory.held());
    if (inUse != 0 || busy != 0) {
      throw new IllegalStateException(
          "%s was closed with %d segments in use; all memory has been released%s%s"
              .formatted(
                  allocator,
                  inUse,
                  busy == 0
                      ? ""
                      : " but %d pieces of it that native calls are using".formatted(busy),
                  memory.leasedBytes() == 0
                      ? ""
                      : " but %s that stay until stacks which have had arenas are closed"
                          .formatted(ByteSizes.format(memory.leasedBytes()))));
    }
  }

  /// Has everybody refused from now on.
  ///
  /// @return false if that was so before
  private boolean shut() {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      closed = true;
      memory.closing();
      registry.close();
      return true;
    } finally {
      lock.unlock();
    }
  }
}
