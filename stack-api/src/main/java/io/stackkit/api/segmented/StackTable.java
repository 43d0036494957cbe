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
  /// @param dead takes stacks whose owners died; they are looked for when the table would grow
  void add(SegmentedStack stack, Consumer<SegmentedStack> dead) {
    if ((size + 1) * 2 > table.length) {
      rehash(dead);
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

  private void rehash(Consumer<SegmentedStack> dead) {
    @Nullable SegmentedStack[] old = table;
    int alive = 0;
    for (int i = 0; i < old.length; i++) {
      SegmentedStack stack = old[i];
      if (stack != null) {
        Thread owner = stack.owner;
        if (owner != null && owner.isAlive()) {
          alive++;
        } else {
          old[i] = null;
          dead.accept(stack);
        }
      }
    }
    table = new SegmentedStack[(alive + 1) * 2 > old.length / 2 ? old.length * 2 : old.length];
    size = alive;
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
