package io.stackkit.api.segmented;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Stacks by the thread that owns them: an open-addressed table that makes no garbage. Guarded by
/// its [PoolSlot].
final class StackTable {

  private static final int FIRST_LENGTH = 8;

  /// Spreads consecutive thread ids; 2^64 divided by the golden ratio.
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  /// A power of two, at most half full.
  private @Nullable SegmentedStack[] table = new SegmentedStack[FIRST_LENGTH];

  private int size;

  private int home(SegmentedStack stack) {
    return home(stack.ownerId);
  }

  private int home(long threadId) {
    return (int) ((threadId * SPREAD) >>> 33) & (table.length - 1);
  }

  @Nullable SegmentedStack find(Thread thread) {
    int mask = table.length - 1;
    int i = home(thread.threadId());
    for (SegmentedStack stack = table[i]; stack != null; stack = table[i]) {
      if (stack.owner == thread) {
        return stack;
      }
      i = (i + 1) & mask;
    }
    return null;
  }

  /// Adds a stack that has an owner.
  ///
  /// @param dead as for [#removeDead(Consumer)], which is done when the table would grow
  void add(SegmentedStack stack, Consumer<SegmentedStack> dead) {
    if ((size + 1) * 2 > table.length) {
      removeDead(dead);
      if ((size + 1) * 2 > table.length / 2) {
        grow();
      }
    }
    place(stack);
    size++;
  }

  private void place(SegmentedStack stack) {
    int i = home(stack);
    while (table[i] != null) {
      i = (i + 1) & (table.length - 1);
    }
    table[i] = stack;
  }

  /// Removes the stacks whose owners died, with all that they hold given back.
  ///
  /// @param dead takes them
  void removeDead(Consumer<SegmentedStack> dead) {
    int i = 0;
    while (i < table.length) {
      SegmentedStack stack = table[i];
      if (stack == null || isBorrowed(stack)) {
        i++;
      } else {
        // an error here leaves it in the table: it is found again
        stack.abandon();
        remove(stack); // another one may move up to where it was
        dead.accept(stack);
      }
    }
  }

  private static boolean isBorrowed(SegmentedStack stack) {
    Thread owner = stack.owner;
    return owner != null && owner.isAlive();
  }

  private void grow() {
    @Nullable SegmentedStack[] old = table;
    table = new SegmentedStack[old.length * 2];
    for (SegmentedStack stack : old) {
      if (stack != null) {
        place(stack);
      }
    }
  }

  void remove(SegmentedStack stack) {
    int mask = table.length - 1;
    int hole = home(stack);
    while (table[hole] != stack) {
      hole = (hole + 1) & mask;
    }
    size--;
    // close the gap: whoever could not be found across it moves up
    table[hole] = null;
    int i = (hole + 1) & mask;
    for (SegmentedStack next = table[i]; next != null; next = table[i]) {
      if (((i - home(next)) & mask) >= ((i - hole) & mask)) {
        table[hole] = next;
        table[i] = null;
        hole = i;
      }
      i = (i + 1) & mask;
    }
  }

  int size() {
    return size;
  }
}
