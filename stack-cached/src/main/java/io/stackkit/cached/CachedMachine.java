package io.stackkit.cached;

import io.stackkit.api.spi.Depot;
import io.stackkit.api.spi.Machine;
import java.util.function.IntConsumer;

/// An M with a bounded cache: the hot chain, which is the newest part, and whole batches behind it.
///
/// Go's ring of 32 is a stack that is cut at the far end: pushed and popped at the top, and when it
/// is full its 16 oldest entries go. Here is the same stack in pieces of one batch: the piece on
/// top is the hot chain, the others stand in a queue. So the 16 oldest are always one piece, known
/// by its first segment, and nothing is ever copied.
///
/// ### What two threads must not share
///
/// The queue's array and the counts beside it are written once per batch. Where a collector had put
/// two Ms' next to each other, each of those writes fetched the line from the other processor. So
/// the array has margins, and an M is made as [Padded].
///
/// Every method makes its calls before its first store that matters (see [Machine] on torn
/// operations).
class CachedMachine extends Machine {

  /// How many batches are shelved between two looks at whether the cache has grown too large: often
  /// enough to give back within microseconds of use, seldom enough that one quiet moment in a burst
  /// costs nothing.
  private static final int REVIEW = 64;

  /// Unused places on either side of the queue's array, which is small: next to it in the heap is
  /// likely another M's, and two threads that write into one cache line cost each other a burst's
  /// worth of time. 128 bytes, as at [io.stackkit.api.spi.Machine].
  private static final int MARGIN = 32;

  private final int cacheSize;
  private final int batchSize;
  private final boolean adaptive;

  /// Which way batches last moved: in, or out.
  private boolean lastIn;

  /// How many segments the cache may hold now: cacheSize, and more where it has grown.
  private int capacity;

  /// How many whole batches that is.
  private int most;

  // whole batches, a queue with two ends
  private int[] batches;
  private int room;
  private int oldest;
  private int count;

  // whether this M needs what it gives away, and whether it has what it does not need
  private long refillsAtRelease;
  private int fewest;
  private int untilReview = REVIEW;

  CachedMachine(int id, int cacheSize, int batchSize, boolean adaptive) {
    super(id, Math.min(batchSize, cacheSize));
    this.cacheSize = cacheSize;
    this.batchSize = batchSize;
    this.adaptive = adaptive;
    this.capacity = cacheSize;
    this.most = cacheSize / batchSize;
    makeRoom(most + 1);
  }

  private void makeRoom(int wholeBatches) {
    room = wholeBatches;
    batches = new int[wholeBatches + 2 * MARGIN];
  }

  /// How long the hot chain may get before something must be done: a batch, or less where the cache
  /// is full before.
  private long hotLimit(int wholeBatches) {
    return Math.min(batchSize, capacity - (long) wholeBatches * batchSize);
  }

  private long hotCount() {
    return hotCount(hotLimit(count));
  }

  /// Where the i-th oldest whole batch stands. No division: it would cost as much as the rest.
  private int at(int i) {
    int place = oldest + i;
    return MARGIN + (place < room ? place : place - room);
  }

  /// Makes the newest whole batch the hot chain, which is empty.
  boolean takeNewest() {
    if (count == 0) {
      return false;
    }
    setHot(batches[at(count - 1)], batchSize, hotLimit(count - 1));
    count--;
    fewest = Math.min(fewest, count);
    return true;
  }

  /// How many batches move at once: half of what the cache holds, so that it is as ready for one
  /// direction as for the other; all of it when batches moved that way the last time, too. In a
  /// burst far beyond the cache that saves half of the trips to the depot. One without adapting, as
  /// in Go.
  private int transfer(boolean in) {
    if (!adaptive) {
      return 1;
    }
    return lastIn == in ? most : Math.max(1, most / 2);
  }

  /// Makes a batch of the depot the hot chain, which is empty; a grown cache takes several at once.
  boolean fetch(Depot depot) {
    int first = depot.pop(id(), transfer(true));
    pending = first;
    if (first == EMPTY) {
      return false;
    }
    int size = depot.count(first);
    int more = 0;
    int others = depot.nextBatch(first);
    if (others != EMPTY) {
      more = keepWhole(depot, first, others);
    }
    acceptPending(size, hotLimit(more), size + (long) more * batchSize, more + 1);
    oldest = 0;
    count = more;
    lastIn = true;
    return true;
  }

  /// Writes batches that came behind the first to where they belong in the empty queue, newest
  /// last, and sends those that are not whole back.
  private int keepWhole(Depot depot, int first, int others) {
    int whole = 0;
    for (int batch = others; batch != EMPTY && depot.count(batch) == batchSize; ) {
      batches[MARGIN + whole++] = batch;
      batch = depot.nextBatch(batch);
    }
    int lastKept = whole == 0 ? first : batches[MARGIN + whole - 1];
    int rest = depot.nextBatch(lastKept);
    if (rest != EMPTY) {
      depot.setNextBatch(lastKept, EMPTY);
      depot.push(id(), rest);
    }
    for (int i = MARGIN, j = MARGIN + whole - 1; i < j; i++, j--) {
      int swapped = batches[i];
      batches[i] = batches[j];
      batches[j] = swapped;
    }
    return whole;
  }

  /// Says whether the cache holds as much as it may.
  boolean full() {
    return hotCount() + (long) count * batchSize >= capacity;
  }

  /// Puts the hot chain behind if it is a whole batch.
  void shelve() {
    if (hotCount() < batchSize) {
      return;
    }
    batches[at(count)] = hot();
    setHot(EMPTY, 0, hotLimit(count + 1));
    count++;
  }

  /// Gives the oldest batch to the depot; a grown cache gives several at once.
  void releaseOldest(Depot depot) {
    if (count == 0) {
      int only = hot();
      depot.setCount(only, batchSize);
      letGo(only, batchSize, 1, EMPTY, 0, hotLimit(0));
    } else {
      int going = Math.min(count, transfer(false));
      int first = link(depot, going);
      int after = at(going);
      letGo(first, (long) going * batchSize, going, hot(), hotCount(), hotLimit(count - going));
      oldest = after - MARGIN;
      count -= going;
    }
    refillsAtRelease = refills();
    lastIn = false;
    deliver(depot);
  }

  /// Makes each of the oldest batches name the one that is older.
  private int link(Depot depot, int going) {
    int older = EMPTY;
    for (int i = 0; i < going; i++) {
      int batch = batches[at(i)];
      depot.setCount(batch, batchSize);
      depot.setNextBatch(batch, older);
      older = batch;
    }
    return older;
  }

  /// Finishes what an error has interrupted: a batch that was on its way goes to the depot.
  void settle(Depot depot) {
    if (pending != EMPTY) {
      deliver(depot);
    }
  }

  private void deliver(Depot depot) {
    depot.push(id(), pending);
    pending = EMPTY;
  }

  // ---- growing

  /// Says whether this M, whose cache is full, has lately needed more than it held: it would miss
  /// what it gives away.
  boolean wantsMore() {
    return refills() != refillsAtRelease;
  }

  /// Lets the cache hold one more batch.
  void growByBatch() {
    int needed = most + 2;
    if (needed > room) {
      enlarge(Math.max(needed, room * 2));
    }
    long limit = Math.min(batchSize, capacity + batchSize - (long) count * batchSize);
    setHot(hot(), hotCount(), limit);
    capacity += batchSize;
    most++;
    // one batch for each time that it was missed: a single rise and fall is no pattern
    refillsAtRelease = refills();
    fewest = 0;
    untilReview = REVIEW;
  }

  private void enlarge(int length) {
    int[] larger = new int[length + 2 * MARGIN];
    for (int i = 0; i < count; i++) {
      larger[MARGIN + i] = batches[at(i)];
    }
    batches = larger;
    room = length;
    oldest = 0;
  }

  /// Says, once in a while, whether a cache that has grown has held a batch for nothing.
  boolean hasTooMuch() {
    if (capacity == cacheSize || --untilReview > 0) {
      return false;
    }
    boolean tooMuch = fewest > 0;
    untilReview = REVIEW;
    fewest = count;
    return tooMuch && count > 0;
  }

  /// Takes back one [#growByBatch()]; the cache must hold a batch less than it may.
  void shrinkByBatch() {
    long hot = hotCount();
    setHot(hot(), hot, Math.min(batchSize, capacity - batchSize - (long) count * batchSize));
    capacity -= batchSize;
    most--;
  }

  /// How many segments the cache may hold beyond what every M is sure of.
  int grown() {
    return capacity - cacheSize;
  }

  // ---- emptying

  /// Takes every free segment out and forgets that the cache had grown.
  void drain(Depot links, IntConsumer sink) {
    long hot = hotCount();
    int first = hot();
    int whole = count;
    countMoved(-hot - (long) whole * batchSize);
    capacity = cacheSize;
    most = cacheSize / batchSize;
    setHot(EMPTY, 0, Math.min(batchSize, cacheSize));
    count = 0;
    drainChain(first, links, sink);
    for (int i = 0; i < whole; i++) {
      drainChain(batches[at(i)], links, sink);
    }
    oldest = 0;
    if (room > most + 1) {
      makeRoom(most + 1);
    }
  }

  private static void drainChain(int first, Depot links, IntConsumer sink) {
    for (int index = first; index != EMPTY; ) {
      int after = links.next(index);
      sink.accept(index);
      index = after;
    }
  }

  /// With nothing of a neighbour's behind its last field.
  @SuppressWarnings("unused")
  static final class Padded extends CachedMachine {
    private long r00;
    private long r01;
    private long r02;
    private long r03;
    private long r04;
    private long r05;
    private long r06;
    private long r07;
    private long r08;
    private long r09;
    private long r10;
    private long r11;
    private long r12;
    private long r13;
    private long r14;
    private long r15;

    Padded(int id, int cacheSize, int batchSize, boolean adaptive) {
      super(id, cacheSize, batchSize, adaptive);
    }
  }
}
