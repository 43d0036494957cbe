package io.stackkit.config;

import java.util.List;
import java.util.Optional;

/// A JSON value and where it stands.
sealed interface Json {

  /// Returns where the value begins.
  Position at();

  /// Prints the value for a message: on one line, shortened.
  default String show() {
    return switch (this) {
      case Text text -> quote(text.value());
      case Whole whole -> shorten(whole.digits());
      case Fraction fraction -> shorten(fraction.digits());
      case Flag flag -> String.valueOf(flag.value());
      case Null _ -> "null";
      case Items _ -> "a list";
      case Members _ -> "an object";
    };
  }

  /// A string.
  record Text(Position at, String value) implements Json {}

  /// A number without fraction and exponent, as it was written: it may not fit anywhere.
  record Whole(Position at, String digits) implements Json {

    /// Returns the number, or empty if it does not fit into a `long`.
    Optional<Long> number() {
      try {
        return Optional.of(Long.parseLong(digits));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }
  }

  /// Any other number, as it was written.
  record Fraction(Position at, String digits) implements Json {}

  /// `true` or `false`.
  record Flag(Position at, boolean value) implements Json {}

  /// `null`.
  record Null(Position at) implements Json {}

  /// An array.
  record Items(Position at, List<Json> items) implements Json {}

  /// An object. Keys that are given twice are there twice.
  record Members(Position at, List<Member> members) implements Json {}

  /// A key, where it stands, and its value.
  record Member(Position at, String key, Json value) {}

  /// Prints a string as JSON has it, so that no control character reaches a terminal or breaks a
  /// line.
  static String quote(String text) {
    return '"' + escape(shorten(text)) + '"';
  }

  /// Prints a key: bare, but on one line and shortened.
  static String bare(String key) {
    return key.isEmpty() ? "\"\"" : escape(shorten(key));
  }

  private static String shorten(String text) {
    int most = 48;
    return text.length() <= most
        ? text
        : text.substring(0, most - 8) + "... (" + text.length() + " characters)";
  }

  private static String escape(String text) {
    return oneLine(text.replace("\\", "\\\\").replace("\"", "\\\""));
  }

  /// Makes line breaks and what cannot be seen visible, and leaves all else as it is.
  static String oneLine(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (Character.getType(c)) {
                case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    out.append("\\u{%x}".formatted(c));
                default -> out.appendCodePoint(c);
              }
            });
    return out.toString();
  }
}
