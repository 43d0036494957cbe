package io.stackkit.api;

import java.util.Locale;

/// Reads and prints sizes in bytes the way options have them: `4096`, `4k`, `64m`, `2g`, `1t`, in
/// powers of 1024.
public final class ByteSizes {

  private static final String SUFFIXES = "kmgt";

  private ByteSizes() {}

  /// Reads a size.
  ///
  /// @param text digits, then optionally one of `k`, `m`, `g`, `t` in either case
  /// @return bytes
  /// @throws IllegalArgumentException if the text is not of that form or the size does not fit into
  ///   a `long`
  public static long parse(String text) {
    try {
      return parseExact(text);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("size too large: \"" + text + "\"", e);
    }
  }

  /// Reads a size.
  ///
  /// @throws IllegalArgumentException if the text is not of the form
  /// @throws ArithmeticException if it is, but the size does not fit into a `long`
  static long parseExact(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    int shift = 0;
    String digits = lower;
    if (!lower.isEmpty()) {
      int suffix = SUFFIXES.indexOf(lower.charAt(lower.length() - 1));
      if (suffix >= 0) {
        shift = 10 * (suffix + 1);
        digits = lower.substring(0, lower.length() - 1);
      }
    }
    if (digits.isEmpty() || !digits.chars().allMatch(ByteSizes::isDigit)) {
      throw new IllegalArgumentException(
          "not a size: \"" + text + "\" (write digits with an optional k, m, g or t, such as 4k)");
    }
    long number;
    try {
      number = Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw (ArithmeticException) new ArithmeticException("more than a long").initCause(e);
    }
    return Math.multiplyExact(number, 1L << shift);
  }

  /// Says whether a character is an ASCII digit; those of other scripts are not taken for numbers.
  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  /// Prints a size so that [#parse(String)] reads it back exactly: with the largest suffix that
  /// divides it.
  ///
  /// @param bytes a size, may be negative
  /// @return such as `4k`, `64m` or `1000`
  public static String format(long bytes) {
    long value = bytes;
    int suffix = -1;
    while (value != 0 && (value & 1023) == 0 && suffix < SUFFIXES.length() - 1) {
      value >>= 10;
      suffix++;
    }
    return suffix < 0 ? Long.toString(value) : value + SUFFIXES.substring(suffix, suffix + 1);
  }
}
