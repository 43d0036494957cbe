package io.stackkit.api.spi;

import org.jspecify.annotations.Nullable;

/// What every allocate and free touches.
abstract class MachineHotFields extends Padding {
  /// Whose M this is; null for a shared M and for one without a thread. Written by its owner-to-be,
  /// and by close().
  @Nullable Thread owner;

  /// First segment of the hot chain, or [Machine#EMPTY]. An implementation that writes it makes all
  /// its calls first, see [Machine] on torn operations.
  protected int head = Machine.EMPTY;

  /// Segments handed out; single writer, plain writes, read by anyone.
  long allocations;

  /// Segments given back; likewise.
  long frees;

  /// The value of `frees - allocations` at which the hot chain is full. Written as `head` is.
  protected long fullAt;
}
