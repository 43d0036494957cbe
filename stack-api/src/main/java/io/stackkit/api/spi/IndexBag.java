package io.stackkit.api.spi;

import java.util.Arrays;
import java.util.function.IntConsumer;

/// Free segments on their way back to the depot or to the system. Not thread-safe.
final class IndexBag implements IntConsumer {

  private int[] indices = new int[64];
  private int size;

  @Override
  public void accept(int index) {
    if (size == indices.length) {
      indices = Arrays.copyOf(indices, size * 2);
    }
    indices[size++] = index;
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
