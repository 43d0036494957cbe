package io.stackkit.bench.peer;

/// A hand for blocks that are objects. In a fork of its own only one subclass is loaded, so that
/// the three calls are inlined.
///
/// @param <B> what stands for a block
abstract class ObjectHand<B> implements Hand {

  abstract B allocate();

  abstract void touch(B block);

  abstract void free(B block);

  @Override
  public final Object crate(int blocks) {
    return new Object[blocks + 2 * MARGIN];
  }

  @Override
  public final void take(Object crate, int index) {
    B block = allocate();
    touch(block);
    ((Object[]) crate)[MARGIN + index] = block;
  }

  @Override
  @SuppressWarnings("unchecked") // only this class fills its crates
  public final void give(Object crate, int index) {
    free((B) ((Object[]) crate)[MARGIN + index]);
  }

  @Override
  public final void pair() {
    B block = allocate();
    touch(block);
    free(block);
  }
}
