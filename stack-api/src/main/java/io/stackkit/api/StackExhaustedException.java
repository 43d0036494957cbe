package io.stackkit.api;

import java.io.Serial;

/// Thrown when no memory is to be had: [AllocatorOptions#maxBytes()] is reached or the system
/// refuses, and nothing idle could be taken back. The allocator stays usable; freeing makes room.
public final class StackExhaustedException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /// Bytes asked for.
  private final long requestedBytes;

  /// Bytes in use at that moment.
  private final long inUseBytes;

  /// Bytes that are free but could not be used for this request.
  private final long idleBytes;

  /// The limit in bytes.
  private final long limitBytes;

  /// Makes an exception whose message holds all the figures.
  ///
  /// @param requestedBytes bytes asked for
  /// @param inUseBytes bytes in use
  /// @param idleBytes free bytes that could not be taken back
  /// @param limitBytes the limit, or [Long#MAX_VALUE] where the system itself refused
  public StackExhaustedException(
      long requestedBytes, long inUseBytes, long idleBytes, long limitBytes) {
    super(message(requestedBytes, inUseBytes, idleBytes, limitBytes));
    this.requestedBytes = requestedBytes;
    this.inUseBytes = inUseBytes;
    this.idleBytes = idleBytes;
    this.limitBytes = limitBytes;
  }

  private static String message(long requested, long inUse, long idle, long limit) {
    String figures =
        "requested %s, in use %s, idle %s"
            .formatted(
                ByteSizes.format(requested), ByteSizes.format(inUse), ByteSizes.format(idle));
    return limit == Long.MAX_VALUE
        ? "the system refuses more memory: %s; free segments or give the process more memory"
            .formatted(figures)
        : "maxBytes: %s reached: %s; free segments or raise maxBytes"
            .formatted(ByteSizes.format(limit), figures);
  }

  /// Returns what was asked for.
  ///
  /// @return bytes
  public long requestedBytes() {
    return requestedBytes;
  }

  /// Returns what was in use.
  ///
  /// @return bytes
  public long inUseBytes() {
    return inUseBytes;
  }

  /// Returns what was free but could not be used for the request.
  ///
  /// @return bytes
  public long idleBytes() {
    return idleBytes;
  }

  /// Returns the limit.
  ///
  /// @return bytes, [Long#MAX_VALUE] where the system itself refused
  public long limitBytes() {
    return limitBytes;
  }
}
