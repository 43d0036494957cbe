package io.stackkit.fixalloc;

import io.stackkit.api.spi.Depot;
import io.stackkit.api.spi.Machine;
import java.util.function.IntConsumer;

/// An M whose free list only grows.
final class FixallocMachine extends Machine {

  /// Never reached: 2^62 frees take a century.
  private static final long UNBOUNDED = 1L << 62;

  FixallocMachine(int id) {
    super(id, UNBOUNDED);
  }

  void addChunk(int first, int count) {
    countMoved(count);
    setHot(first, count, UNBOUNDED);
  }

  void drain(Depot links, IntConsumer sink) {
    int first = hot();
    long count = hotCount(UNBOUNDED);
    countMoved(-count);
    setHot(EMPTY, 0, UNBOUNDED);
    for (int index = first; index != EMPTY; ) {
      int after = links.next(index);
      sink.accept(index);
      index = after;
    }
  }
}
