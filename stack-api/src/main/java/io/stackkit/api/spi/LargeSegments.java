package io.stackkit.api.spi;

import io.stackkit.api.LargeStats;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The segments above the fixed size of one allocator (Go takes them from its general allocator).
/// Their sizes are powers of two. This class keeps none for reuse; an implementation that does
/// overrides [#take(long)], [#keep(LargeSegment)], [#evict()] and [#idleBytes()]. All methods may
/// be called by any thread.
public class LargeSegments {

  private final LongAdder inUseBytes = new LongAdder();
  private final Set<LargeSegment> inUse = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;
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

  /// Gives the memory of a segment back to the system.
  ///
  /// @param segment a segment that is not in use and that nobody else can reach
  protected final void giveBack(LargeSegment segment) {
    segment.allocator().giveBack(segment);
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

  final void handOut(LargeSegment segment, boolean hit) {
    segment.acquire();
    inUse.add(segment);
    inUseBytes.add(segment.byteSize());
    allocations.increment();
    if (hit) {
      hits.increment();
    }
  }

  final void free(LargeSegment segment) {
    inUse.remove(segment);
    inUseBytes.add(-segment.byteSize());
    if (closed) {
      giveBack(segment);
      return;
    }
    keep(segment);
    if (closed) {
      evict();
    }
  }

  /// Gives back what is kept and what is in use.
  ///
  /// @return how many were in use
  final int close() {
    closed = true;
    evict();
    int count = 0;
    for (LargeSegment segment : List.copyOf(inUse)) {
      if (inUse.remove(segment)) {
        count++;
        inUseBytes.add(-segment.byteSize());
        giveBack(segment);
      }
    }
    return count;
  }

  final LargeStats stats() {
    return new LargeStats(inUseBytes.sum(), idleBytes(), allocations.sum(), hits.sum());
  }
}
