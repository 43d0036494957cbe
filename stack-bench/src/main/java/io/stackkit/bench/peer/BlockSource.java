package io.stackkit.bench.peer;

/// Something that hands out blocks of [#BLOCK_BYTES] bytes. Thread-safe.
public interface BlockSource extends Source {

  /// Bytes of a block: the kit's default segment, Go's FixedStack.
  int BLOCK_BYTES = 4096;

  /// Returns the size of the blocks handed out: that of the others, unless a specification says
  /// otherwise.
  ///
  /// @return bytes
  default long blockBytes() {
    return BLOCK_BYTES;
  }

  /// Returns the calling thread's way to the blocks; other threads must not use it.
  ///
  /// @return a new hand
  Hand hand();
}
