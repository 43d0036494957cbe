package io.stackkit.bench.peer;

/// The C library's `malloc` and `free` by downcalls.
final class MallocSource implements BlockSource {

  @Override
  public Hand hand() {
    return new MallocHand();
  }

  @Override
  public void close() {
    // Nothing is kept.
  }

  private static final class MallocHand extends AddressHand {

    @Override
    long allocate() {
      return Libc.malloc(BLOCK_BYTES);
    }

    @Override
    void touch(long block) {
      Libc.putLong(block, 1);
    }

    @Override
    void free(long block) {
      Libc.free(block);
    }
  }
}
