package io.stackkit.cached;

import io.stackkit.api.spi.Depot;
import io.stackkit.api.spi.Machine;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// The whole batches behind an M's hot chain: a queue with two ends. The M's user puts batches on
/// the new end and takes them from there; they are given away at the old end, by the user or, once
/// the shelf is *open*, by any thread that needs memory.
///
/// ### An open shelf
///
/// It is the deque of Chase and Lev [1], with the fences of [2]: the user moves `next` and nobody
/// else does; whoever takes the oldest batch moves `oldest` by a compare-and-set. Only for the last
/// batch of all does the user need one, too. Taking from the new end costs it a fence between
/// saying that the batch is taken and looking whether somebody has come as far; putting one there
/// costs nothing. So segments stay with their thread, at almost no cost, and yet serve everybody
/// when memory is short. That is what the depot's shards do not give: there each batch costs two
/// compare-and-sets, and the threads that share a shard get each other's segments, cold. Deep
/// recursion, 341 segments up and down, went through the depot 18 times; now it does not once.
///
/// While the shelf is closed, nobody but the user looks at it, and there is no fence.
///
/// ### Memory order
///
/// `oldest` and `next` are read and written plainly by the user, which lets it do so between stores
/// that no call may interrupt (see [Machine] on torn operations). What orders them is the release
/// fence before each store of `next` that adds a batch, and the volatile store to `fence`, which
/// HotSpot compiles to a full fence. Batches and the queue's array are ordered by `next`.
///
/// ### What two threads must not share
///
/// The queue's array is written once per batch. Where a collector had put two Ms' next to each
/// other, each of those writes fetched the line from the other processor. So the array has margins.
///
/// [1] D. Chase, Y. Lev, Dynamic Circular Work-Stealing Deque, SPAA 2005.
///
/// [2] N. M. Lê, A. Pop, A. Cohen, F. Zappa Nardelli, Correct and Efficient Work-Stealing for Weak
/// Memory Models, PPoPP 2013.
abstract class Shelf extends Machine {

  /// No batch.
  static final long NONE = -1;

  /// Unused places on either side of the array: 128 bytes, as at [Machine].
  private static final int MARGIN = 16;

  private static final VarHandle OLDEST;
  private static final VarHandle NEXT;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      OLDEST = lookup.findVarHandle(Shelf.class, "oldest", int.class);
      NEXT = lookup.findVarHandle(Shelf.class, "next", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// Batches by their place, which counts up and wraps around: a first segment and a length.
  private long[] batches;

  /// The place of the oldest batch.
  int oldest;

  /// The place for the next one.
  int next;

  @SuppressWarnings("unused") // written for its fence
  private volatile int fence;

  private volatile boolean open;

  /// How long the hot chain may be, as last said.
  long limit;

  Shelf(int id, long hotLimit, int room) {
    super(id, hotLimit);
    this.limit = hotLimit;
    this.batches = array(room);
  }

  private static long[] array(int room) {
    return new long[length(room)];
  }

  private static int length(int room) {
    return Integer.highestOneBit(Math.max(2, room) * 2 - 1) + 2 * MARGIN;
  }

  private static int slot(long[] batches, int place) {
    return MARGIN + (place & (batches.length - 2 * MARGIN - 1));
  }

  static long batch(int first, long count) {
    return count << 32 | first;
  }

  static int first(long batch) {
    return (int) batch;
  }

  static int count(long batch) {
    return (int) (batch >>> 32);
  }

  /// How many batches there are. Any thread may ask; others may take some meanwhile.
  final int batches() {
    int first = (int) OLDEST.getAcquire(this);
    return Math.max(0, (int) NEXT.getAcquire(this) - first);
  }

  final boolean isOpen() {
    return open;
  }

  /// Lets other threads take batches from now on.
  final void open() {
    open = true;
  }

  /// The length of the hot chain.
  final long hotCount() {
    return hotCount(limit);
  }

  /// Says anew how long the hot chain may get.
  final void limitHot(long hotLimit) {
    // no call after the first store
    fullAt += hotLimit - limit;
    limit = hotLimit;
  }

  /// Puts the older part of the hot chain, or all of it, on the new end.
  ///
  /// @param links the segments' links
  /// @param cut the last segment that stays, or [#EMPTY] if none does
  /// @param rest the first segment that goes
  /// @param count how many go
  /// @param hotLimit how long the hot chain may get
  final void put(Depot links, int cut, int rest, long count, long hotLimit) {
    int place = next;
    long[] now = batches;
    if (place - oldest >= now.length - 2 * MARGIN) {
      now = enlarge();
    }
    now[slot(now, place)] = batch(rest, count);
    VarHandle.releaseFence();
    if (cut != EMPTY) {
      links.setNext(cut, EMPTY);
    }
    // no call from here
    if (cut == EMPTY) {
      head = EMPTY;
    }
    fullAt += hotLimit - limit + count;
    limit = hotLimit;
    next = place + 1;
  }

  private long[] enlarge() {
    long[] now = batches;
    long[] larger = array(2 * (now.length - 2 * MARGIN));
    for (int place = oldest; place - next < 0; place++) {
      larger[slot(larger, place)] = now[slot(now, place)];
    }
    VarHandle.releaseFence();
    batches = larger;
    return larger;
  }

  /// Takes the newest batch as the hot chain, which is empty.
  ///
  /// @param hotLimit how long that may get
  /// @return whether there was one
  final boolean take(long hotLimit) {
    int place = next - 1;
    if (place - oldest < 0) {
      return false;
    }
    long[] now = batches;
    long batch = now[slot(now, place)];
    int first = first(batch);
    int count = count(batch);
    long full = balance() - count + hotLimit;
    if (open) {
      // no call from here
      next = place;
      fence = place;
      int ahead = place - oldest;
      if (ahead <= 0) {
        next = place + 1;
        if (ahead < 0 || !OLDEST.compareAndSet(this, place, place + 1)) {
          return false;
        }
      }
    } else {
      next = place;
    }
    head = first;
    fullAt = full;
    limit = hotLimit;
    return true;
  }

  /// Takes the oldest batch. The M's user may do so at any time; of an open shelf, others may, too.
  ///
  /// @return the batch, or [#NONE] if there is none or somebody else was first
  final long takeOldest() {
    int place = (int) OLDEST.getAcquire(this);
    VarHandle.fullFence();
    if ((int) NEXT.getAcquire(this) - place <= 0) {
      return NONE;
    }
    long[] now = batches;
    long batch = now[slot(now, place)];
    return OLDEST.compareAndSet(this, place, place + 1) ? batch : NONE;
  }

  /// Looks at a batch of a closed shelf.
  ///
  /// @param i 0 for the oldest
  final long peek(int i) {
    return batches[slot(batches, oldest + i)];
  }

  /// Makes room for batches that will be put there all at once.
  final void ensureRoom(int more) {
    while (next + more - oldest > batches.length - 2 * MARGIN) {
      enlarge();
    }
  }

  /// Writes a batch where it will be once `next` has been moved behind it, after a release fence.
  ///
  /// @param i 0 for the first new one
  final void write(int i, long batch) {
    batches[slot(batches, next + i)] = batch;
  }

  /// Looks at a batch so written.
  ///
  /// @param i 0 for the first new one, -1 for the newest there is
  final long written(int i) {
    return batches[slot(batches, next + i)];
  }

  /// Closes the shelf, which is empty and will need little room. No other thread may be at it.
  final void close(int room) {
    if (batches.length > length(room)) {
      batches = array(room);
    }
    open = false;
  }
}
