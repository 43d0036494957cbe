package io.stackkit.bench.run;

import java.io.Serial;

/// What was asked for cannot be run; nothing has been.
public final class UsageException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /// Makes an exception.
  ///
  /// @param message the option's name, the value, the bound, and what to do
  public UsageException(String message) {
    super(message);
  }
}
