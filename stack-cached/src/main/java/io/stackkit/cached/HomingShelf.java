package io.stackkit.cached;

import io.stackkit.api.spi.Depot;
import io.stackkit.api.spi.Shelf;

/// A shelf whose batches find their way to the depot, and there home, whatever error comes between.
///
/// ### Other Ms' segments
///
/// A cache that grew while its M could not have memory of its own is made of what was obtained for
/// others, and a cache that has grown gives nothing back: its M would go on with other Ms' segments
/// for good. So once in a while it sends some of them home, and takes instead what has come home to
/// itself, or fresh memory. Whoever then finds its own at home may do the same, until all have
/// their own.
///
/// Only as long as so little is held that every M may have fresh memory ([CachedAllocator]'s
/// bound). Where memory is short, whoever misses a batch takes half of what another one has, which
/// then misses that: with 32 threads, deep recursion took up to 1.3 times as long.
///
/// What it is for: segments that lie side by side are used by one thread then ([Depot] on home).
abstract class HomingShelf extends Shelf {

  /// How many reviews pass before other Ms' segments are looked for again. In between, those to
  /// whom some went may do as much, so that less fresh memory is needed.
  private static final int PAUSE = 32;

  /// How long the hot chain of an open shelf may get without a right to more: no longer than any
  /// cache was. So that is how long a batch of the depot may be, which is the hot chain of whoever
  /// fetches it.
  final int ordinary;

  private final int batchSize;

  /// A batch of an open shelf that was taken to be given away, or [#NONE].
  long leaving = NONE;

  /// The last segment of the first one of two [#pending] batches that are still one chain, or of
  /// the only one if what follows is the hot chain; or [#EMPTY].
  private int uncut = EMPTY;

  /// Batches that came from the depot and are too many, or [#EMPTY].
  int returning = EMPTY;

  private int reviewsToLook;

  HomingShelf(int id, int cacheSize, int batchSize) {
    super(id, batchSize, Math.min(cacheSize, 2 * batchSize), cacheSize / batchSize);
    this.ordinary = piece;
    this.batchSize = batchSize;
  }

  final void settleReturning(Depot depot) {
    depot.pushHome(returning);
    returning = EMPTY;
  }

  /// Finishes what is under way, or what an error has interrupted: batches that are leaving go to
  /// the depot.
  final void settle(Depot depot) {
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
  final int lend(Depot depot, boolean all) {
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

  /// Says at a review whether it is time to look for other Ms' segments.
  final boolean looksForOthers() {
    if (--reviewsToLook > 0) {
      return false;
    }
    reviewsToLook = PAUSE;
    return true;
  }

  /// Says whether the hot chain has segments that were obtained for another M.
  final boolean hasOthers(Depot depot) {
    int index = hot();
    int home = depot.shardOf(id());
    while (index != EMPTY && depot.homeOf(index) == home) {
      index = depot.next(index);
    }
    return index != EMPTY;
  }

  /// Sends home the newest segments of the hot chain, down to the first ones that were obtained for
  /// another M, and these: a batch at most, so that slabs stay whole. What lies above them goes to
  /// this M's own home, and comes back with the next fetch.
  final void sendOthersHome(Depot depot) {
    boolean own = true;
    while (own && hot() != EMPTY) {
      own = depot.homeOf(hot()) == depot.shardOf(id());
      sendNewestHome(depot);
    }
  }

  /// Sends the newest segments home that have the same.
  private void sendNewestHome(Depot depot) {
    int first = hot();
    int home = depot.homeOf(first);
    int last = first;
    int count = 1;
    int rest = depot.next(first);
    while (count < batchSize && rest != EMPTY && depot.homeOf(rest) == home) {
      last = rest;
      count++;
      rest = depot.next(last);
    }
    depot.setCount(first, count);
    letGo(first, count, 1, rest, hotCount() - count, limit);
    uncut = last;
    settle(depot);
  }
}
