package io.stackkit.api.segmented;

import io.stackkit.api.ByteSizes;
import java.io.Serial;

/// Thrown when a [SegmentedStack] would hold more than its [StackSettings#maxBytes()]: the off-heap
/// counterpart of a [StackOverflowError]. The stack is as it was before the call; closing frames
/// makes room.
public final class StackLimitException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /// Bytes that the stack had to take on top of what it held.
  private final long requestedBytes;

  /// Bytes that the stack held.
  private final long heldBytes;

  /// The limit in bytes.
  private final long limitBytes;

  /// Makes an exception whose message holds all the figures.
  ///
  /// @param requestedBytes bytes that the stack had to take on top of what it held
  /// @param heldBytes bytes that the stack held
  /// @param limitBytes the limit in bytes
  /// @param depth the number of frames that were open
  StackLimitException(long requestedBytes, long heldBytes, long limitBytes, int depth) {
    super(
        "maxBytes: %s reached by a stack of %d frames: requested %s, held %s; close frames or raise maxBytes"
            .formatted(
                ByteSizes.format(limitBytes),
                depth,
                ByteSizes.format(requestedBytes),
                ByteSizes.format(heldBytes)));
    this.requestedBytes = requestedBytes;
    this.heldBytes = heldBytes;
    this.limitBytes = limitBytes;
  }

  /// Returns what the stack had to take on top of what it held: a segment, or a large segment.
  ///
  /// @return bytes
  public long requestedBytes() {
    return requestedBytes;
  }

  /// Returns what the stack held.
  ///
  /// @return bytes
  public long heldBytes() {
    return heldBytes;
  }

  /// Returns the limit.
  ///
  /// @return bytes
  public long limitBytes() {
    return limitBytes;
  }
}
