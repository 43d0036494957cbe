package io.stackkit.api;

import java.io.Serial;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
    String hint = nearest(key).map(name -> "; did you mean %s?".formatted(name)).orElse("");
    return new InvalidOptionsException(
        key, "%s: no such option%s (there are: %s)".formatted(key, hint, known));
  }

  /// Finds the option's name that a mistyped one was most likely meant to be.
  private static Optional<String> nearest(String key) {
    String typed = key.toLowerCase(Locale.ROOT);
    return Arrays.stream(AllocatorOption.values())
        .map(AllocatorOption::key)
        .filter(name -> distance(typed, name.toLowerCase(Locale.ROOT)) <= 1 + name.length() / 4)
        .min(Comparator.comparingInt(name -> distance(typed, name.toLowerCase(Locale.ROOT))));
  }

  /// Counts the letters to insert, drop or replace (Levenshtein).
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }

  /// Returns what is wrong.
  ///
  /// @return one entry per violation
  public List<Violation> violations() {
    return List.of(violations);
  }
}
