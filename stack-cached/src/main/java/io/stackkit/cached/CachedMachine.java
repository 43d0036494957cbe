package io.stackkit.cached;

import io.stackkit.api.spi.Depot;
import io.stackkit.api.spi.Machine;
import java.util.Arrays;
import java.util.function.IntConsumer;

/// An M with a bounded cache: the hot chain, which is the newest part, and whole batches behind it.
///
/// Go's ring of 32 is a stack that is cut at the far end: pushed and popped at the top, and when it
/// is full its 16 oldest entries go. Here is the same stack in pieces of one batch: the piece on
/// top is the hot chain, the others stand in a queue. So the 16 oldest are always one piece, known
/// by its first segment, and nothing is ever copied.
///
/// Every method makes its calls before its first store that matters (see [Machine] on torn
/// operations).
final class CachedMachine extends Machine {

  /// How many batches are shelved between two looks at whether the cache has grown too large: often
  /// enough to give back within microseconds of use, seldom enough that one quiet moment in a burst
  /// costs nothing.
  private static final int REVIEW = 64;

  private final int cacheSize;
  private final int batchSize;

  /// How many segments the cache may hold now: cacheSize, and more where it has grown.
  private int capacity;

  // whole batches, a queue with two ends
  private int[] batches;
  private int oldest;
  private int count;

  // whether this M needs what it gives away, and whether it has what it does not need
  private long refillsAtRelease;
  private int fewest;
  private int untilReview = REVIEW;

  CachedMachine(int id, int cacheSize, int batchSize) {
    super(id, Math.min(batchSize, cacheSize));
    this.cacheSize = cacheSize;
    this.batchSize = batchSize;
    this.capacity = cacheSize;
    this.batches = new int[cacheSize / batchSize + 1];
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
    return place < batches.length ? place : place - batches.length;
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

  /// How many batches move at once: one, as in Go, and half of what a grown cache has beyond that.
  private int transfer() {
    return 1 + (capacity - cacheSize) / (2 * batchSize);
  }

  /// Makes a batch of the depot the hot chain, which is empty; a grown cache takes several at once.
  boolean fetch(Depot depot) {
    int first = depot.pop(id(), transfer());
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
    return true;
  }

  /// Writes batches that came behind the first to where they belong in the empty queue, newest
  /// last, and sends those that are not whole back.
  private int keepWhole(Depot depot, int first, int others) {
    int whole = 0;
    for (int batch = others; batch != EMPTY && depot.count(batch) == batchSize; ) {
      batches[whole++] = batch;
      batch = depot.nextBatch(batch);
    }
    int lastKept = whole == 0 ? first : batches[whole - 1];
    int rest = depot.nextBatch(lastKept);
    if (rest != EMPTY) {
      depot.setNextBatch(lastKept, EMPTY);
      depot.push(id(), rest);
    }
    for (int i = 0, j = whole - 1; i < j; i++, j--) {
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
      int going = Math.min(count, transfer());
      int first = link(depot, going);
      int after = at(going);
      letGo(first, (long) going * batchSize, going, hot(), hotCount(), hotLimit(count - going));
      oldest = after;
      count -= going;
    }
    refillsAtRelease = refills();
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
    int needed = (capacity + batchSize) / batchSize + 1;
    if (needed > batches.length) {
      enlarge(Math.max(needed, batches.length * 2));
    }
    long limit = Math.min(batchSize, capacity + batchSize - (long) count * batchSize);
    setHot(hot(), hotCount(), limit);
    capacity += batchSize;
    // one batch for each time that it was missed: a single rise and fall is no pattern
    refillsAtRelease = refills();
    fewest = 0;
    untilReview = REVIEW;
  }

  private void enlarge(int length) {
    int[] larger = new int[length];
    for (int i = 0; i < count; i++) {
      larger[i] = batches[at(i)];
    }
    batches = larger;
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
    setHot(EMPTY, 0, Math.min(batchSize, cacheSize));
    count = 0;
    drainChain(first, links, sink);
    for (int i = 0; i < whole; i++) {
      drainChain(batches[at(i)], links, sink);
    }
    oldest = 0;
    if (batches.length > cacheSize / batchSize + 1) {
      batches = Arrays.copyOf(batches, cacheSize / batchSize + 1);
    }
  }

  private static void drainChain(int first, Depot links, IntConsumer sink) {
    for (int index = first; index != EMPTY; ) {
      int after = links.next(index);
      sink.accept(index);
      index = after;
    }
  }
}
