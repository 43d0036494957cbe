package io.stackkit.cached;

import static io.stackkit.api.spi.Machine.EMPTY;

import io.stackkit.api.spi.Depot;
import java.util.function.IntConsumer;

/// Chains that have left an M's shelf.
final class Chains {

  private Chains() {}

  /// Makes a chain of the shelf a batch, or two batches if it is longer than one may be. These are
  /// not cut yet, so an error may strike anywhere, and it is done again.
  ///
  /// @param depot has the links
  /// @param first its first segment
  /// @param count its length
  /// @param ordinary how long one may be, at least half of that
  /// @return the last segment of the first of two, or [io.stackkit.api.spi.Machine#EMPTY]
  static int divide(Depot depot, int first, int count, int ordinary) {
    if (count <= ordinary) {
      depot.setCount(first, count);
      return EMPTY;
    }
    int last = first;
    for (int i = 1; i < ordinary; i++) {
      last = depot.next(last);
    }
    int second = depot.next(last);
    // in this order: the second segment may be the second batch's first
    depot.setCount(first, ordinary);
    depot.setCount(second, count - ordinary);
    depot.setNextBatch(first, second);
    return last;
  }

  /// Takes a chain apart.
  ///
  /// @param first its first segment, or [io.stackkit.api.spi.Machine#EMPTY]
  /// @param links the links
  /// @param sink takes the indices
  static void drain(int first, Depot links, IntConsumer sink) {
    for (int index = first; index != EMPTY; ) {
      int after = links.next(index);
      sink.accept(index);
      index = after;
    }
  }
}
