package io.stackkit.cached;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Scheduler;
import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.spi.LargeSegment;
import io.stackkit.api.spi.LargeSegments;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Keeps free large segments for reuse: together no more than `largeCacheBytes`, each no longer
/// than `largeIdle`.
///
/// A Caffeine cache decides what stays, by weight and by time, and whoever removes a segment from
/// it owns the segment: a thread that wants it, or the eviction, which gives the memory back. The
/// queues, one per power of two, only say where to look; they may name segments that are gone.
final class CachedLargeSegments extends LargeSegments {

  private final Cache<LargeSegment, LargeSegment> kept;
  private final List<ConcurrentLinkedDeque<LargeSegment>> queues = new ArrayList<>(Long.SIZE);
  private final AtomicLong idleBytes = new AtomicLong();

  private CachedLargeSegments(AllocatorOptions options) {
    for (int i = 0; i < Long.SIZE; i++) {
      queues.add(new ConcurrentLinkedDeque<>());
    }
    this.kept =
        Caffeine.newBuilder()
            .maximumWeight(Math.max(1, options.largeCacheBytes() >> 10))
            // in KiB, since a weight is an int: the largest segment, 1 TiB, weighs 2^30
            .weigher(
                (LargeSegment key, LargeSegment value) -> (int) Math.max(1, key.byteSize() >> 10))
            .expireAfterAccess(options.largeIdle())
            .scheduler(Scheduler.systemScheduler())
            .executor(Runnable::run)
            .evictionListener(this::evicted)
            .build();
  }

  static LargeSegments of(AllocatorOptions options) {
    return options.largeCacheBytes() == 0 ? new LargeSegments() : new CachedLargeSegments(options);
  }

  private ConcurrentLinkedDeque<LargeSegment> queue(long byteSize) {
    return queues.get(Long.numberOfTrailingZeros(byteSize));
  }

  @Override
  protected @Nullable LargeSegment take(long byteSize) {
    ConcurrentLinkedDeque<LargeSegment> queue = queue(byteSize);
    for (LargeSegment segment = queue.poll(); segment != null; segment = queue.poll()) {
      if (claim(segment)) {
        return segment;
      }
    }
    return null;
  }

  private boolean claim(LargeSegment segment) {
    if (kept.asMap().remove(segment) == null) {
      return false;
    }
    idleBytes.addAndGet(-segment.byteSize());
    return true;
  }

  @Override
  protected void keep(LargeSegment segment) {
    ConcurrentLinkedDeque<LargeSegment> queue = queue(segment.byteSize());
    idleBytes.addAndGet(segment.byteSize());
    kept.put(segment, segment);
    queue.push(segment);
    if (!kept.asMap().containsKey(segment)) {
      // evicted (or taken) before the queue had it
      queue.remove(segment);
    }
  }

  private void evicted(
      @Nullable LargeSegment segment, @Nullable LargeSegment same, RemovalCause cause) {
    if (segment != null) {
      queue(segment.byteSize()).remove(segment);
      idleBytes.addAndGet(-segment.byteSize());
      giveBack(segment);
    }
  }

  @Override
  protected boolean evict() {
    boolean any = false;
    for (LargeSegment segment : kept.asMap().keySet()) {
      if (claim(segment)) {
        queue(segment.byteSize()).remove(segment);
        giveBack(segment);
        any = true;
      }
    }
    return any;
  }

  @Override
  protected long idleBytes() {
    return idleBytes.get();
  }
}
