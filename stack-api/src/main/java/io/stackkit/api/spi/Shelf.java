package io.stackkit.api.spi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// An M with whole batches behind its hot chain: a queue with two ends. The M's user puts batches
/// on the new end and takes them from there; they are given away at the old end, by the user or,
/// once the shelf is *open*, by any thread that needs memory.
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
/// ### The quick ways
///
/// Most ways to an open shelf and back need no more than a few loads and stores: a batch is there,
/// or there is room and nothing else to do. These are [#takeQuickly()] and [#putQuickly()]. (For
/// the last batch a compare-and-set, too: a cache grows to what its thread needs, so each rise ends
/// with it.) Whatever else is due (giving back what a StackOverflowError interrupted, a look at how
/// much the cache needs) waits for the next call of [MachineAllocator#refill(Machine)] or
/// [MachineAllocator#release(Machine)], which comes at least every [#quickPuts] batches.
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
public abstract class Shelf extends Machine {

  /// No batch.
  protected static final long NONE = -1;

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

  /// How long the hot chain may get once the shelf is open.
  protected int piece;

  /// Batches by their place, which counts up and wraps around: a first segment and a length.
  long[] batches;

  /// The place of the oldest batch.
  protected int oldest;

  /// The place for the next one.
  protected int next;

  @SuppressWarnings("unused") // written for its fence
  private volatile int fence;

  private volatile boolean open;

  /// How long the hot chain may be, as last said.
  protected long limit;

  /// How many batches may stand on an open shelf. There is room for them.
  protected int most;

  /// One more than how many batches [#putQuickly()] may yet put on an open shelf.
  protected int quickPuts;

  /// The fewest batches that were left when one was taken, as far as it was lower before.
  protected int fewest;

  /// Whether a batch was taken.
  protected boolean taken;

  /// How many segments will have been handed out when the hot chain may go to the shelf whole: if
  /// it was taken from there a moment ago, the next allocations might want it back at once. Not so
  /// if it was short then: frees have filled it since, and that is as far a way.
  protected long wholeFrom = Long.MIN_VALUE;

  /// Makes an M whose shelf is closed.
  ///
  /// @param id its number, from 0
  /// @param hotLimit how long the hot chain may get at first
  /// @param piece how long it may get once the shelf is open
  /// @param most how many batches may stand on it
  protected Shelf(int id, long hotLimit, int piece, int most) {
    super(id, hotLimit);
    this.limit = hotLimit;
    this.piece = piece;
    this.most = most;
    this.batches = array(most + 1);
  }

  private static long[] array(int room) {
    return new long[length(room)];
  }

  private static int length(int room) {
    return Integer.highestOneBit(Math.max(2, room) * 2 - 1) + 2 * MARGIN;
  }

  static int slot(long[] batches, int place) {
    return MARGIN + (place & (batches.length - 2 * MARGIN - 1));
  }

  /// Writes a batch as a number.
  ///
  /// @param first its first segment
  /// @param count its length
  /// @return the number
  protected static long batch(int first, long count) {
    return count << 32 | first;
  }

  /// Reads a batch's first segment.
  ///
  /// @param batch as a number
  /// @return an index
  protected static int first(long batch) {
    return (int) batch;
  }

  /// Reads a batch's length.
  ///
  /// @param batch as a number
  /// @return segments
  protected static int count(long batch) {
    return (int) (batch >>> 32);
  }

  /// Returns how many batches there are. Any thread may ask; others may take some meanwhile.
  ///
  /// @return batches
  protected final int batches() {
    int first = (int) OLDEST.getAcquire(this);
    return Math.max(0, (int) NEXT.getAcquire(this) - first);
  }

  /// Says whether other threads may take batches.
  ///
  /// @return whether the shelf is open
  protected final boolean isOpen() {
    return open;
  }

  /// Lets other threads take batches from now on.
  protected final void open() {
    open = true;
  }

  /// Returns the length of the hot chain.
  ///
  /// @return segments
  protected final long hotCount() {
    return hotCount(limit);
  }

  /// Says anew how long the hot chain may get.
  ///
  /// @param hotLimit segments
  protected final void limitHot(long hotLimit) {
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
  protected final void put(Depot links, int cut, int rest, long count, long hotLimit) {
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

  /// Takes the newest batch of a closed shelf as the hot chain, which is empty. Of an open one it
  /// has been taken the quick way.
  ///
  /// @param hotLimit how long that may get
  /// @return false if there is none, or the shelf is open
  protected final boolean take(long hotLimit) {
    int place = next - 1;
    if (open || place - oldest < 0) {
      return false;
    }
    long[] now = batches;
    long batch = now[slot(now, place)];
    int first = first(batch);
    int count = count(batch);
    long full = balance() - count + hotLimit;
    // no call from here
    next = place;
    head = first;
    fullAt = full;
    limit = hotLimit;
    return true;
  }

  /// Takes the newest batch of an open shelf as the hot chain, which is empty.
  ///
  /// @return false if something else is to be done
  final boolean takeQuickly() {
    if (!open) {
      return false;
    }
    int place = next - 1;
    long[] now = batches;
    long batch = now[slot(now, place)];
    int count = count(batch);
    long full = balance() - count + piece;
    // no call from here
    next = place;
    fence = place;
    int left = place - oldest;
    if (left <= 0) {
      next = place + 1;
      if (left < 0 || !OLDEST.compareAndSet(this, place, place + 1)) {
        return false;
      }
    }
    head = (int) batch;
    fullAt = full;
    limit = piece;
    wholeFrom = allocations + count - piece / 2;
    taken = true;
    if (left < fewest) {
      fewest = left;
    }
    return true;
  }

  /// Puts the whole hot chain, which is full, on an open shelf, where there is room and nothing
  /// else to do.
  ///
  /// @return false if something else is to be done
  final boolean putQuickly() {
    int place = next;
    if (quickPuts <= 1 || place - oldest >= most || allocations < wholeFrom) {
      return false;
    }
    long[] now = batches;
    long count = hotCount();
    now[slot(now, place)] = batch(head, count);
    VarHandle.releaseFence();
    // no call from here
    quickPuts--;
    head = EMPTY;
    fullAt += piece - limit + count;
    limit = piece;
    next = place + 1;
    return true;
  }

  /// Takes the oldest batch. The M's user may do so at any time; of an open shelf, others may, too.
  ///
  /// @return the batch, or [#NONE] if there is none or somebody else was first
  protected final long takeOldest() {
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
  /// @return the batch
  protected final long peek(int i) {
    return batches[slot(batches, oldest + i)];
  }

  /// Makes room for batches that will be put there all at once.
  ///
  /// @param more how many
  protected final void ensureRoom(int more) {
    while (next + more - oldest > batches.length - 2 * MARGIN) {
      enlarge();
    }
  }

  /// Makes sure that a number of batches can stand on the shelf, however many stand there now: to
  /// look at that first would not do, as others may take some between the look and what follows
  /// from it.
  ///
  /// @param most how many
  protected final void ensureCapacity(int most) {
    while (most > batches.length - 2 * MARGIN) {
      enlarge();
    }
  }

  /// Writes a batch where it will be once `next` has been moved behind it, after a release fence.
  ///
  /// @param i 0 for the first new one
  /// @param batch the batch
  protected final void write(int i, long batch) {
    batches[slot(batches, next + i)] = batch;
  }

  /// Looks at a batch so written.
  ///
  /// @param i 0 for the first new one, -1 for the newest there is
  /// @return the batch
  protected final long written(int i) {
    return batches[slot(batches, next + i)];
  }

  /// Closes the shelf, which is empty and will need little room. No other thread may be at it.
  ///
  /// @param most how many batches may stand on it
  protected final void close(int most) {
    if (batches.length > length(most + 1)) {
      batches = array(most + 1);
    }
    this.most = most;
    quickPuts = 0;
    open = false;
  }
}
