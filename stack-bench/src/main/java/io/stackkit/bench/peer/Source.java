package io.stackkit.bench.peer;

/// Something that memory comes from. Thread-safe.
public interface Source extends AutoCloseable {

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

  /// Gives back what can be given back, after all threads have closed their parts.
  @Override
  void close();
}
