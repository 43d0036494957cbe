package io.stackkit.api.spi;

import io.stackkit.api.ByteSizes;
import io.stackkit.api.LargeStats;
import io.stackkit.api.StackExhaustedException;
import io.stackkit.api.StackSegment;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The segments above the fixed size of one allocator (Go takes them from its general allocator).
/// Their sizes are powers of two. This class keeps none for reuse; an implementation that does
/// overrides [#take(long)], [#keep(LargeSegment)], [#evict()] and [#idleBytes()]. All methods may
/// be called by any thread.
public class LargeSegments {

  private final LongAdder inUseBytes = new LongAdder();

  /// The largest: far beyond a stack's needs, and powers of two up to here do not overflow.
  private static final long MAX_BYTES = 1L << 40;

  private final Set<LargeSegment> inUse = ConcurrentHashMap.newKeySet();

  /// Freed, but a native call was using the memory when it was to go back.
  private final Queue<LargeSegment> busy = new ConcurrentLinkedQueue<>();

  private volatile boolean closed;

  // set by attach
  @SuppressWarnings("NullAway.Init")
  private MachineAllocator<?> allocator;

  @SuppressWarnings("NullAway.Init")
  private Reserve<?> reserve;

  @SuppressWarnings("NullAway.Init")
  private SystemMemory memory;

  private final LongAdder allocations = new LongAdder();
  private final LongAdder hits = new LongAdder();

  /// For implementations.
  public LargeSegments() {}

  /// Takes a kept segment.
  ///
  /// @param byteSize a power of two
  /// @return a segment of just that size, or null if none is kept
  protected @Nullable LargeSegment take(long byteSize) {
    return null;
  }

  /// Keeps a free segment for reuse, if it likes; else the segment must be given to
  /// [#giveBack(LargeSegment)].
  ///
  /// @param segment a segment that is not in use
  protected void keep(LargeSegment segment) {
    giveBack(segment);
  }

  /// Gives the memory of a segment back to the system: now, or, if a native call that its user has
  /// left behind is using it, when the next one looks for idle memory.
  ///
  /// @param segment a segment that is not in use and that nobody else can reach
  protected final void giveBack(LargeSegment segment) {
    if (!tryGiveBack(segment)) {
      busy.add(segment);
    }
  }

  private boolean tryGiveBack(LargeSegment segment) {
    try {
      memory.giveBack(segment.block());
      return true;
    } catch (IllegalStateException inUseByNativeCall) {
      return false;
    }
  }

  /// Gives back to the system what is kept and what could not be given back before.
  ///
  /// @return whether anything was given back
  final boolean reclaim() {
    boolean any = evict();
    for (int left = busy.size(); left > 0; left--) {
      LargeSegment segment = busy.poll();
      if (segment == null) {
        break;
      }
      if (tryGiveBack(segment)) {
        any = true;
      } else {
        busy.add(segment);
      }
    }
    return any;
  }

  /// Gives everything that is kept back to the system.
  ///
  /// @return whether anything was given back
  protected boolean evict() {
    return false;
  }

  /// Returns what is kept.
  ///
  /// @return bytes
  protected long idleBytes() {
    return 0;
  }

  /// Called once, before the first use.
  final void attach(
      MachineAllocator<?> owner, Reserve<?> ownersReserve, SystemMemory ownersMemory) {
    this.allocator = owner;
    this.reserve = ownersReserve;
    this.memory = ownersMemory;
  }

  final LargeSegment allocate(long byteSize) {
    if (byteSize < 1 || byteSize > MAX_BYTES) {
      throw new IllegalArgumentException(
          "byteSize: %d (must be from 1 to %s)".formatted(byteSize, ByteSizes.format(MAX_BYTES)));
    }
    StackProbe.ensureRoom();
    reserve.checkOpen();
    long size = Long.highestOneBit(byteSize * 2 - 1);
    LargeSegment kept = take(size);
    LargeSegment segment = kept != null ? kept : make(obtain(size, byteSize));
    handOut(segment, kept != null);
    if (closed) {
      free(segment, false);
      throw reserve.closed();
    }
    return segment;
  }

  private LargeSegment make(SystemMemory.Block block) {
    try {
      return new LargeSegment(allocator, block);
    } catch (Throwable e) {
      // there is no heap for it
      memory.giveBack(block);
      throw e;
    }
  }

  private SystemMemory.Block obtain(long size, long wanted) {
    for (int attempt = 0; attempt < 3; attempt++) {
      if (memory.reserveUpTo(1, size) == 1) {
        try {
          return memory.obtain(size);
        } catch (StackExhaustedException refused) {
          if (attempt == 2) {
            StackExhaustedException told = reserve.exhausted(wanted, true);
            told.initCause(refused);
            throw told;
          }
        }
      }
      if (attempt == 0) {
        reclaim();
      } else {
        reserve.trimSlabs();
      }
    }
    throw reserve.exhausted(wanted, false);
  }

  private void handOut(LargeSegment segment, boolean hit) {
    try {
      allocations.increment();
      if (hit) {
        hits.increment();
      }
      inUse.add(segment);
      inUseBytes.add(segment.byteSize());
    } catch (Throwable e) {
      // there is no heap for it
      inUse.remove(segment);
      giveBack(segment);
      throw e;
    }
    segment.acquire();
  }

  /// Frees a segment that is not one of the fixed size, or refuses it.
  @SuppressWarnings("ReferenceEquality") // an allocator is itself only
  final void free(StackSegment segment, boolean zero) {
    if (!(segment instanceof LargeSegment found) || found.allocator() != allocator) {
      throw new IllegalArgumentException(
          "%s was not handed out by %s; free it where it came from".formatted(segment, allocator));
    }
    StackProbe.ensureRoom();
    reserve.checkOpen();
    found.release();
    free(found, zero);
  }

  /// Whoever strikes a segment off owns it; one that a close has struck off is gone already.
  private void free(LargeSegment segment, boolean zero) {
    if (!inUse.remove(segment)) {
      throw reserve.closed();
    }
    inUseBytes.add(-segment.byteSize());
    if (closed) {
      giveBack(segment);
      return;
    }
    if (zero) {
      segment.block().memory().fill((byte) 0);
    }
    keep(segment);
    if (closed) {
      reclaim();
    }
  }

  /// What a close found.
  ///
  /// @param inUse segments that were in use
  /// @param busy segments that could not be given back because a native call is using them
  record Closed(int inUse, int busy) {}

  /// Gives back what is kept and what is in use.
  final Closed close() {
    closed = true;
    reclaim();
    int count = 0;
    for (LargeSegment segment : List.copyOf(inUse)) {
      if (inUse.remove(segment)) {
        count++;
        inUseBytes.add(-segment.byteSize());
        giveBack(segment);
      }
    }
    return new Closed(count, busy.size());
  }

  final LargeStats stats() {
    return new LargeStats(inUseBytes.sum(), idleBytes(), allocations.sum(), hits.sum());
  }
}
