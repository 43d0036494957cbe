package io.stackkit.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Finds what a mistyped word was meant to be.
final class Nearest {

  private Nearest() {}

  /// Finds the word that a mistyped one was probably meant to be: a third of its letters may be
  /// wrong, missing, too many or swapped; upper case, `-` and `_` do not count. Else the word that
  /// begins with it.
  static Optional<String> to(String typed, Collection<String> words) {
    String plain = plain(typed);
    Optional<String> near =
        words.stream()
            .filter(word -> distance(plain, plain(word)) <= Math.max(1, plain(word).length() / 3))
            .min(Comparator.comparingInt(word -> distance(plain, plain(word))));
    return near.or(
        () ->
            words.stream()
                .filter(w -> plain.length() >= 3 && plain(w).startsWith(plain))
                .findFirst());
  }

  /// Says it for a message: the nearest word, or all there are.
  static String hint(String typed, Collection<String> words) {
    return to(typed, words)
        .map(word -> "did you mean " + word + "?")
        .orElse("there are: " + String.join(", ", words));
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
  }

  /// Letters to change, add, drop or swap with a neighbour (optimal string alignment).
  private static int distance(String a, String b) {
    if (a.length() > 2 * b.length()) {
      return a.length(); // nobody's typing error, and it may be very long
    }
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + change, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
