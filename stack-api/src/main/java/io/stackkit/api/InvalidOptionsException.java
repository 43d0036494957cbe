package io.stackkit.api;

import java.io.Serial;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Thrown when options are wrong; lists every violation that was found. Nothing has been taken or
/// changed.
public final class InvalidOptionsException extends IllegalArgumentException {

  @Serial private static final long serialVersionUID = 1L;

  /// One thing that is wrong.
  ///
  /// @param option the option's name as it was given
  /// @param message the option's name, the value and the bound
  public record Violation(String option, String message) implements java.io.Serializable {}

  /// What is wrong, never empty.
  private final Violation[] violations;

  /// Makes an exception for several violations.
  ///
  /// @param violations what is wrong, at least one
  public InvalidOptionsException(List<Violation> violations) {
    super(violations.stream().map(Violation::message).collect(Collectors.joining("; ")));
    this.violations = violations.toArray(new Violation[0]);
  }

  InvalidOptionsException(String option, String message) {
    this(List.of(new Violation(option, message)));
  }

  static InvalidOptionsException unknown(String key) {
    String known =
        Arrays.stream(AllocatorOption.values())
            .map(AllocatorOption::key)
            .collect(Collectors.joining(", "));
    return new InvalidOptionsException(
        key, "%s: no such option (there are: %s)".formatted(key, known));
  }

  /// Returns what is wrong.
  ///
  /// @return one entry per violation
  public List<Violation> violations() {
    return List.of(violations);
  }
}
