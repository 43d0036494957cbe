package io.stackkit.api.spi;

import java.util.Arrays;
import java.util.function.IntConsumer;

/// Free segments on their way back to the depot or to the system. Not thread-safe.
final class IndexBag implements IntConsumer {

  private final int limit;
  private int[] indices = new int[64];
  private int size;

  /// Makes an empty bag.
  ///
  /// @param limit how many segments there are
  IndexBag(int limit) {
    this.limit = limit;
  }

  /// Takes one in.
  ///
  /// @throws IllegalStateException if that makes more than there are: a list runs in a circle. The
  ///   bag is empty then
  @Override
  public void accept(int index) {
    if (size == limit) {
      size = 0; // what is in here may be in use as well
      throw new IllegalStateException(
          ("a list of free segments has more than the %d that there are: two threads have freed one"
                  + " segment at the same time; open the allocator with checked=true to find them")
              .formatted(limit));
    }
    ensureRoom(1);
    indices[size++] = index;
  }

  /// Makes room, so that no error comes when segments have left where they were.
  ///
  /// @param more for how many
  void ensureRoom(long more) {
    long wanted = size + Math.min(more, limit - size);
    if (wanted > indices.length) {
      indices = Arrays.copyOf(indices, (int) Math.max(wanted, Math.min(limit, size * 2L)));
    }
  }

  int size() {
    return size;
  }

  int get(int position) {
    return indices[position];
  }

  /// Orders by index, and so by slab.
  void sort() {
    Arrays.sort(indices, 0, size);
  }
}
