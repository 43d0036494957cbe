package io.stackkit.bench.peer;

/// Something that hands out blocks of [#BLOCK_BYTES] bytes. Thread-safe.
public interface BlockSource extends AutoCloseable {

  /// Bytes of a block: the kit's default segment, Go's FixedStack.
  int BLOCK_BYTES = 4096;

  /// Returns the calling thread's way to the blocks; other threads must not use it.
  ///
  /// @return a new hand
  Hand hand();

  /// Returns the bytes obtained from the system and not given back.
  ///
  /// @return bytes, or -1 where the peer does not tell
  default long sysBytes() {
    return -1;
  }

  /// Returns the number of Ms.
  ///
  /// @return Ms, or -1 where there is no such thing
  default int machines() {
    return -1;
  }

  /// Gives back what can be given back.
  @Override
  void close();
}
