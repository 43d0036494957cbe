package io.stackkit.bench.peer;

/// A hand for blocks that are bare addresses.
abstract class AddressHand implements Hand {

  abstract long allocate();

  abstract void touch(long block);

  abstract void free(long block);

  @Override
  public final Object crate(int blocks) {
    return new long[blocks + 2 * MARGIN];
  }

  @Override
  public final void take(Object crate, int index) {
    long block = allocate();
    touch(block);
    ((long[]) crate)[MARGIN + index] = block;
  }

  @Override
  public final void give(Object crate, int index) {
    free(((long[]) crate)[MARGIN + index]);
  }

  @Override
  public final void pair() {
    long block = allocate();
    touch(block);
    free(block);
  }
}
