package io.stackkit.bench.peer;

/// Where threads get their scratch memory from. Thread-safe.
@FunctionalInterface
public interface ScratchSource extends Source {

  /// Opens scratch memory for the calling thread.
  ///
  /// @return scratch memory that the thread closes
  Scratch scratch();

  /// Gives back what all threads share, after they closed theirs.
  @Override
  default void close() {}
}
