package io.stackkit.bench.peer;

/// Where threads get their scratch memory from. Thread-safe.
@FunctionalInterface
public interface ScratchSource extends AutoCloseable {

  /// Opens scratch memory for the calling thread.
  ///
  /// @return scratch memory that the thread closes
  Scratch scratch();

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

  /// Gives back what all threads share, after they closed theirs.
  @Override
  default void close() {}
}
