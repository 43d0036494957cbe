package io.stackkit.cached;

import io.stackkit.api.spi.Depot;
import io.stackkit.api.spi.Shelf;
import java.lang.invoke.VarHandle;
import java.util.function.IntConsumer;

/// An M with a bounded cache: the hot chain, which is the newest part, and whole batches behind it
/// on a [Shelf].
///
/// Go's ring of 32 is a stack that is cut at the far end: pushed and popped at the top, and when it
/// is full its 16 oldest entries go. Here is the same stack in pieces of one batch: the piece on
/// top is the hot chain, the others stand on the shelf. So the 16 oldest are always one piece,
/// known by its first segment, and nothing is ever copied.
///
/// ### A cache that has grown
///
/// It keeps more batches, on a shelf that is open to others. Out of their reach is the hot chain
/// only, so that may now be twice as long, and as long as the cache was ([#piece]), and twice as
/// long again for as many Ms as [LongChains] allows: each time half as many ways to the shelf, each
/// a call, and every second one a fence. A chain is put there whole, without a look at its inside.
/// But if the next allocations were to take it back at once, and frees to put it there again, a
/// program that moves within a few segments would pay for each move; then it is cut in the middle,
/// and the newer half stays.
///
/// Every method makes its calls before its first store that matters (see [Machine] on torn
/// operations).
class CachedMachine extends Shelf {

  /// How many batches are shelved between two looks at whether the cache has grown too large: often
  /// enough to give back within microseconds of use, seldom enough that one quiet moment in a burst
  /// costs nothing.
  private static final int REVIEW = 64;

  /// How many batches a cache must have grown to for its hot chain to be made longer.
  private static final int LONG_FROM = 4;

  private final int cacheSize;
  private final int batchSize;
  private final boolean adaptive;
  private final LongChains longChains;

  /// How long the hot chain of an open shelf may get without a right to more: no longer than any
  /// cache was. So that is how long a batch of the depot may be, which is the hot chain of whoever
  /// fetches it.
  private final int ordinary;

  /// Which way batches last moved: in, or out.
  private boolean lastIn;

  /// How many segments are on the shelf, while it is closed.
  private int shelved;

  /// A batch of an open shelf that was taken to be given away, or [#NONE].
  private long leaving = NONE;

  /// The last segment of the first one of two [#pending] batches that are still one chain, or
  /// [#EMPTY].
  private int uncut = EMPTY;

  /// Batches that came from the depot and are too many, or [#EMPTY].
  private int returning = EMPTY;

  // whether this M needs what it gives away, and whether it has what it does not need
  private long refillsAtRelease = Long.MAX_VALUE;

  CachedMachine(int id, int cacheSize, int batchSize, boolean adaptive, LongChains longChains) {
    super(id, batchSize, Math.min(cacheSize, 2 * batchSize), cacheSize / batchSize);
    this.ordinary = piece;
    this.longChains = longChains;
    this.cacheSize = cacheSize;
    this.batchSize = batchSize;
    this.adaptive = adaptive;
  }

  /// How long the hot chain may get before something must be done, with so many segments on the
  /// shelf: a batch, or less where the cache is full before.
  private long hotLimit(long onShelf) {
    return isOpen() ? piece : Math.min(batchSize, cacheSize - onShelf);
  }

  /// Makes the newest batch of a closed shelf the hot chain, which is empty.
  boolean takeNewest() {
    if (next == oldest) {
      return false;
    }
    int left = shelved - count(written(-1));
    if (!take(hotLimit(left))) {
      return false;
    }
    // no call from here
    shelved = left;
    return true;
  }

  /// How many batches move at once: half of what the cache may hold, so that it is as ready for one
  /// direction as for the other; all of it when batches moved that way the last time, too. In a
  /// burst far beyond the cache that saves half of the trips to the depot. One without adapting, as
  /// in Go.
  private int transfer(boolean in) {
    if (!adaptive) {
      return 1;
    }
    return lastIn == in ? most : Math.max(1, most / 2);
  }

  /// Makes a batch of the depot the hot chain, which is empty; several may come at once, and then
  /// the others go to the shelf, which is empty, too.
  ///
  /// @param affordsOwn whether it could have fresh memory instead of what is others'; one whose
  ///   cache has not grown is content with those
  boolean fetch(Depot depot, boolean affordsOwn) {
    int wanted = transfer(true);
    int first = affordsOwn && isOpen() ? depot.popHome(id(), wanted) : depot.pop(id(), wanted);
    pending = first;
    if (first == EMPTY) {
      return false;
    }
    int size = depot.count(first);
    int more = depot.nextBatch(first) == EMPTY ? 0 : keep(depot, first, size);
    int onShelf = 0;
    for (int i = 0; i < more; i++) {
      onShelf += count(written(i));
    }
    long hotLimit = hotLimit(onShelf);
    VarHandle.releaseFence();
    acceptPending(size, hotLimit, size + (long) onShelf, more + 1);
    // no call from here
    limit = hotLimit;
    next += more;
    shelved = onShelf;
    lastIn = true;
    return true;
  }

  /// Writes batches that came behind the first to where they belong on the empty shelf, newest
  /// last, and sends those back that are too many.
  private int keep(Depot depot, int first, int size) {
    ensureRoom(most);
    int kept = 0;
    int lastKept = first;
    int segments = size;
    for (int batch = depot.nextBatch(first); batch != EMPTY && kept < most; kept++) {
      int count = depot.count(batch);
      segments += count;
      if (!isOpen() && segments > cacheSize) {
        break;
      }
      write(kept, batch(batch, count));
      lastKept = batch;
      batch = depot.nextBatch(batch);
    }
    int rest = depot.nextBatch(lastKept);
    if (rest != EMPTY) {
      depot.setNextBatch(lastKept, EMPTY);
      returning = rest;
      settleReturning(depot);
    }
    for (int i = 0, j = kept - 1; i < j; i++, j--) {
      long swapped = written(i);
      write(i, written(j));
      write(j, swapped);
    }
    return kept;
  }

  /// Says whether the cache holds as much as it may.
  boolean full() {
    return isOpen() ? hotCount() >= piece && batches() >= most : hotCount() + shelved >= cacheSize;
  }

  /// Puts the hot chain on the shelf if it is a whole batch.
  void shelve(Depot links) {
    long hot = hotCount();
    if (isOpen()) {
      if (hot < piece) {
        limitHot(piece);
      } else if (hot > 1 && handedOut() < wholeFrom) {
        shelveHalf(links, hot);
      } else {
        put(links, EMPTY, hot(), hot, piece);
      }
    } else if (hot >= batchSize) {
      put(links, EMPTY, hot(), hot, hotLimit(shelved + hot));
      shelved += (int) hot;
    }
  }

  private void shelveHalf(Depot links, long hot) {
    int last = hot();
    for (long i = hot / 2; i > 1; i--) {
      last = links.next(last);
    }
    put(links, last, links.next(last), hot - hot / 2, piece);
    // once is enough: what is above comes whole
    wholeFrom = Long.MIN_VALUE;
  }

  /// Gives the oldest batch to the depot; a cache that can adapt may give several at once.
  void releaseOldest(Depot depot) {
    if (isOpen()) {
      leaving = takeOldest();
    } else if (next == oldest) {
      long count = hotCount();
      long hotLimit = hotLimit(0);
      depot.setCount(hot(), (int) count);
      letGo(hot(), count, 1, EMPTY, 0, hotLimit);
      limit = hotLimit;
    } else {
      releaseShelved(depot, Math.min(batches(), transfer(false)));
    }
    refillsAtRelease = refills();
    lastIn = false;
    settle(depot);
  }

  private void releaseShelved(Depot depot, int going) {
    int segments = 0;
    int older = EMPTY;
    for (int i = 0; i < going; i++) {
      long batch = peek(i);
      int first = first(batch);
      depot.setCount(first, count(batch));
      depot.setNextBatch(first, older);
      older = first;
      segments += count(batch);
    }
    int left = shelved - segments;
    long hotLimit = hotLimit(left);
    letGo(older, segments, going, hot(), hotCount(), hotLimit);
    // no call from here
    limit = hotLimit;
    oldest += going;
    shelved = left;
  }

  private void settleReturning(Depot depot) {
    depot.pushHome(returning);
    returning = EMPTY;
  }

  /// Finishes what is under way, or what an error has interrupted: batches that are leaving go to
  /// the depot.
  void settle(Depot depot) {
    if (returning != EMPTY) {
      settleReturning(depot);
    }
    if (leaving != NONE) {
      int first = first(leaving);
      int last = Chains.divide(depot, first, count(leaving), ordinary);
      letGo(first, count(leaving), last == EMPTY ? 1 : 2, hot(), hotCount(), limit);
      uncut = last;
      leaving = NONE;
    }
    if (uncut != EMPTY) {
      depot.setNext(uncut, EMPTY);
      uncut = EMPTY;
    }
    if (pending != EMPTY) {
      depot.pushHome(pending);
      pending = EMPTY;
    }
  }

  /// Takes batches off the shelf on behalf of another thread, if it is open.
  ///
  /// @param all whether all are wanted, not half of them
  /// @return the first of the batches, which name each other, or [#EMPTY]
  int lend(Depot depot, boolean all) {
    int lent = EMPTY;
    int wanted = !isOpen() ? 0 : all ? Integer.MAX_VALUE : (batches() + 1) / 2;
    for (int i = 0; i < wanted; i++) {
      long batch = takeOldest();
      if (batch == NONE) {
        break;
      }
      int first = first(batch);
      int last = Chains.divide(depot, first, count(batch), ordinary);
      if (last == EMPTY) {
        depot.setNextBatch(first, lent);
        countTaken(count(batch));
      } else {
        depot.setNextBatch(depot.nextBatch(first), lent);
        depot.setNext(last, EMPTY);
        countTaken(ordinary);
        countTaken(count(batch) - (long) ordinary);
      }
      lent = first;
    }
    return lent;
  }

  // ---- growing

  /// Says whether this M, whose cache is full, has lately needed more than it held: it would miss
  /// what it gives away.
  boolean wantsMore() {
    return refills() > refillsAtRelease;
  }

  /// Doubles how long the hot chain may get, if the cache has grown enough to need it and there is
  /// a right.
  ///
  /// @param peak the most segments that were seen in use
  void lengthen(long peak) {
    if (piece == ordinary && isOpen() && most >= LONG_FROM && longChains.tryGrant(ordinary, peak)) {
      piece = 2 * ordinary;
    }
  }

  /// Lets the cache hold one more batch.
  void growByBatch() {
    int grown = isOpen() ? most + 1 : batches() + 1;
    // putQuickly() does not ask for room
    ensureCapacity(grown);
    long seen = refills();
    open();
    // no call from here: putQuickly() takes a shelf with quickPuts for an open one
    most = grown;
    // one batch for each time that it was missed: a single rise and fall is no pattern
    refillsAtRelease = seen;
    fewest = 0;
    quickPuts = REVIEW;
  }

  /// Says, once in a while, whether a cache that has grown has held a batch for nothing.
  boolean hasTooMuch() {
    if (!isOpen() || --quickPuts > 0) {
      return false;
    }
    quickPuts = REVIEW;
    if (!taken) {
      // all the way up in one burst, which tells nothing
      return false;
    }
    boolean tooMuch = fewest > 0;
    fewest = batches();
    taken = false;
    return tooMuch && most > 1;
  }

  /// Takes back one [#growByBatch()].
  void shrinkByBatch() {
    most--;
  }

  // ---- emptying

  /// Takes every free segment out and forgets that the cache had grown. No other thread may be at
  /// this M.
  void drain(Depot links, IntConsumer sink) {
    settle(links);
    int first = hot();
    countMoved(-hotCount());
    setHot(EMPTY, 0, batchSize);
    limit = batchSize;
    Chains.drain(first, links, sink);
    for (long batch = takeOldest(); batch != NONE; batch = takeOldest()) {
      countMoved(-count(batch));
      Chains.drain(first(batch), links, sink);
    }
    shelved = 0;
    close(cacheSize / batchSize);
    if (piece > ordinary) {
      piece = ordinary;
      longChains.giveBack();
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

    Padded(int id, int cacheSize, int batchSize, boolean adaptive, LongChains longChains) {
      super(id, cacheSize, batchSize, adaptive, longChains);
    }
  }
}
