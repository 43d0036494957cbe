package io.stackkit.api.spi;

import static io.stackkit.api.spi.Machine.EMPTY;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/// The free segments that no M holds: Go's global list, in shards and without a lock.
///
/// ### Chains and batches
///
/// A *chain* is a list of free segments, each naming the next by its index. A *batch* is a chain
/// that is known by its first segment; that segment also names the next batch of its shard, and the
/// second one holds how many the batch has. So the lists cost no memory, and moving a batch is one
/// or two stores. It is the idea of the Go commit of 2013, whose list node lives inside the first
/// segment of its batch. Whoever takes a batch out of the depot alone may touch its links.
///
/// ### Shards
///
/// One list for all threads is the weak point of that commit: by its own table deep recursion took
/// 24 % longer on two threads and twice as long on four, because segments travelled from core to
/// core through it. Here every M has a home shard and looks elsewhere only when that is empty; and
/// a batch goes to the home of the M that had its memory from the system, whoever gives it back
/// ([#pushHome(int)]). So segments that have served another thread come home the next time they are
/// released, and in the end each thread has its own again: in the order in which the processor
/// expects them, and warm in its own core's cache. Where they went to the shard of whoever gave
/// them back, threads whose caches grew at the same time kept each other's for good: the
/// benchmarks' `--paired --workload deep --threads 2 --allocators fixalloc cached --forks 8
/// --millis 600` told 1.12 ±0.09, and tells 1.04 ±0.04 now, when hot chains may be longer, too.
///
/// A shard is a Treiber stack [1]. Its head is one `long`: the index of the first batch and a
/// version that every change moves on, so that a head that went away and came back is not taken for
/// the same (the ABA problem); with references this would take a new node object for each push. A
/// popper may read the link of a batch that another has just taken; its compare-and-set then fails.
///
/// ### Emptiness
///
/// The bound on memory rests on asking the system only when *no* shard has a batch. Looking at one
/// shard after another does not show that, so [#isEmpty()] looks twice: if all were empty and no
/// version has moved between the two looks, there was a moment at which the whole depot was empty.
///
/// [1] R. K. Treiber, Systems Programming: Coping with Parallelism, IBM RJ 5118, 1986.
public final class Depot {

  // Heads of different shards lie 128 bytes apart: processors fetch cache lines in pairs.
  private static final int STRIDE = 16;

  private static final long INDEX_MASK = 0xFFFF_FFFFL;

  private final MachineAllocator<?> allocator;
  private final AtomicLongArray heads;
  private final int mask;
  private final int slabSegments;

  /// By slab: the M that it was obtained for. Written under the reserve's lock and as plain as the
  /// table of segments: whoever holds a segment sees its slab's.
  private int[] homes = new int[0];

  Depot(MachineAllocator<?> allocator, int shards, int slabSegments) {
    this.allocator = allocator;
    this.mask = shards - 1;
    this.slabSegments = slabSegments;
    this.heads = new AtomicLongArray((shards + 2) * STRIDE);
    for (int shard = 0; shard < shards; shard++) {
      heads.set(slot(shard), INDEX_MASK);
    }
  }

  private static int slot(int shard) {
    return (shard + 1) * STRIDE;
  }

  private static long moved(long head, int first) {
    // the version occupies the upper half and wraps around
    return (((head >>> 32) + 1) << 32) | (first & INDEX_MASK);
  }

  /// Returns the number of shards.
  ///
  /// @return a power of two
  public int shards() {
    return mask + 1;
  }

  /// Puts batches into a shard, all at once. Never blocks.
  ///
  /// @param home any number; its low bits choose the shard
  /// @param first the first segment of a batch, which may name a next batch; all have their counts
  public void push(int home, int first) {
    PooledSegment[] segments = allocator.segments;
    PooledSegment last = segments[first];
    while (last.link != EMPTY) {
      last = segments[last.link];
    }
    int slot = slot(home & mask);
    while (true) {
      long head = heads.get(slot);
      last.link = (int) head;
      try {
        if (heads.compareAndSet(slot, head, moved(head, first))) {
          return;
        }
      } catch (StackOverflowError e) {
        // torn: whoever pushes these again must find where they end
        last.link = EMPTY;
        throw e;
      }
    }
  }

  /// Puts batches, all at once, where the first of them came from: into the home shard of the M
  /// that it was obtained for. Never blocks.
  ///
  /// @param first as at [#push(int, int)]
  public void pushHome(int first) {
    push(homeOf(first), first);
  }

  /// The M that a segment was obtained for.
  int homeOf(int index) {
    int[] now = homes;
    int slab = index / slabSegments;
    return slab < now.length ? now[slab] : 0;
  }

  /// Notes the M that a slab is obtained for, before anybody gets a segment of it.
  void setHome(int slab, int home) {
    int[] now = homes;
    if (slab >= now.length) {
      now = Arrays.copyOf(now, Math.max(slab + 1, 2 * now.length));
    }
    now[slab] = home;
    homes = now;
  }

  /// Takes batches, all at once, from the home shard only. Never blocks.
  ///
  /// @param home any number; its low bits choose the shard
  /// @param most as at [#pop(int, int)]
  /// @return as there
  public int popHome(int home, int most) {
    return popShard(slot(home & mask), most);
  }

  /// Takes batches, all at once, from the home shard if it has any, else from another. Never
  /// blocks.
  ///
  /// @param home any number; its low bits choose the shard to look at first
  /// @param most how many batches are wanted, at least 1
  /// @return the first segment of the first batch, which names the next one if there is one; or
  ///   [Machine#EMPTY] if every shard was empty when it was looked at
  public int pop(int home, int most) {
    for (int i = 0; i <= mask; i++) {
      int first = popShard(slot((home + i) & mask), most);
      if (first != EMPTY) {
        return first;
      }
    }
    return EMPTY;
  }

  private int popShard(int slot, int most) {
    while (true) {
      long head = heads.get(slot);
      int first = (int) head;
      if (first == EMPTY) {
        return EMPTY;
      }
      PooledSegment last = last(first, most);
      if (last != null && heads.compareAndSet(slot, head, moved(head, last.link))) {
        last.link = EMPTY;
        return first;
      }
    }
  }

  /// Walks along batches that others may take meanwhile, so that links may be anything; what comes
  /// out is right only if the head has not moved.
  ///
  /// @return the first segment of the last batch wanted, or null if the links make no sense
  private @Nullable PooledSegment last(int first, int most) {
    @Nullable PooledSegment[] segments = allocator.segments;
    int index = first;
    for (int i = 1; ; i++) {
      PooledSegment segment = index >= 0 && index < segments.length ? segments[index] : null;
      if (segment == null || i >= most || segment.link == EMPTY) {
        return segment;
      }
      index = segment.link;
    }
  }

  /// Says whether a home shard has a batch.
  boolean hasAny(int home) {
    return (int) heads.get(slot(home & mask)) != EMPTY;
  }

  /// Says whether there was a moment during this call at which no shard had a batch.
  ///
  /// @return true if so; false if a batch was seen or shards kept changing
  public boolean isEmpty() {
    long versions = 0;
    for (int shard = 0; shard <= mask; shard++) {
      long head = heads.get(slot(shard));
      if ((int) head != EMPTY) {
        return false;
      }
      versions += head >>> 32;
    }
    for (int shard = 0; shard <= mask; shard++) {
      long head = heads.get(slot(shard));
      if ((int) head != EMPTY) {
        return false;
      }
      versions -= head >>> 32;
    }
    // versions only grow, so equal sums mean equal versions (but for a wrap of 32 bits within this
    // call)
    return versions == 0;
  }

  // ---- links; whoever took a segment or a batch out has the right to them

  /// Returns the batch after one, where several were taken at once.
  ///
  /// @param first the first segment of a batch that the caller holds
  /// @return the first segment of the next one, or [Machine#EMPTY]
  public int nextBatch(int first) {
    return allocator.segments[first].link;
  }

  /// Sets the batch after one.
  ///
  /// @param first the first segment of a batch that the caller holds
  /// @param next the first segment of the next one, or [Machine#EMPTY]
  public void setNextBatch(int first, int next) {
    allocator.segments[first].link = next;
  }

  /// Returns the segment after one in its chain.
  ///
  /// @param index a free segment that the caller holds
  /// @return the next one, or [Machine#EMPTY]
  public int next(int index) {
    return allocator.segments[index].next;
  }

  /// Sets the segment after one in its chain.
  ///
  /// @param index a free segment that the caller holds
  /// @param next the next one, or [Machine#EMPTY]
  public void setNext(int index, int next) {
    allocator.segments[index].next = next;
  }

  /// Returns how many segments a batch has.
  ///
  /// @param first the first segment of a batch that the caller holds
  /// @return at least 1
  public int count(int first) {
    PooledSegment[] segments = allocator.segments;
    int second = segments[first].next;
    return second == EMPTY ? 1 : segments[second].link;
  }

  /// Makes a chain a batch that names no next one.
  ///
  /// @param first the first segment of a chain that the caller holds
  /// @param count its length
  public void setCount(int first, int count) {
    PooledSegment[] segments = allocator.segments;
    segments[first].link = EMPTY;
    int second = segments[first].next;
    if (second != EMPTY) {
      segments[second].link = count;
    }
  }
}
