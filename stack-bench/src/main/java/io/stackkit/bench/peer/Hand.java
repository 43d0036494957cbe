package io.stackkit.bench.peer;

/// One thread's way to the blocks of a [BlockSource].
///
/// Blocks are kept in *crates*, arrays of the type that the peer's blocks have, so that peers whose
/// blocks are addresses need not box them. A crate may go to another thread and be emptied by that
/// thread's own hand. Every block is touched: one `long` is written into it.
public interface Hand {

  /// Places on either side of a crate that stay empty, so that the crates of two threads share no
  /// cache line wherever a collector puts them: up to 256 bytes.
  int MARGIN = 32;

  /// Returns a new empty crate.
  ///
  /// @param blocks how many blocks it has room for
  /// @return an array that only hands of the same source understand
  Object crate(int blocks);

  /// Allocates a block, touches it, and puts it into a crate.
  ///
  /// @param crate where to
  /// @param index a place that is empty
  void take(Object crate, int index);

  /// Frees a block of a crate. The place counts as empty afterwards.
  ///
  /// @param crate where from
  /// @param index a place that is full
  void give(Object crate, int index);

  /// Allocates a block, touches it and frees it.
  void pair();

  /// Tells that the thread needs this hand no more.
  default void close() {}
}
