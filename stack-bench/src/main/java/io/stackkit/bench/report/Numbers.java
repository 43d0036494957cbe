package io.stackkit.bench.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/// How figures are written.
final class Numbers {

  private Numbers() {}

  /// Writes a figure with three digits that count, or all before the point.
  static String plain(double value) {
    if (Double.isNaN(value)) {
      return "?";
    }
    return fixed(value, decimals(value, 3));
  }

  /// Returns the decimals that a figure needs to show some digits that count.
  private static int decimals(double value, int digits) {
    double size = Math.abs(value);
    if (size == 0 || !Double.isFinite(size)) {
      return 0;
    }
    return Math.max(0, digits - 1 - (int) Math.floor(Math.log10(size)));
  }

  private static String fixed(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /// Writes a figure beside an axis, as short as may be.
  static String tick(double value) {
    if (value >= 1000) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    // Rounded, since multiples of a step such as 0.1 are not exact.
    BigDecimal text = new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros();
    return value < 1e-6 ? text.toString() : text.toPlainString();
  }

  /// Writes a mean and its error with as many decimals as the mean has.
  static String withError(Statistic statistic) {
    String mean = plain(statistic.mean());
    if (Double.isNaN(statistic.error())) {
      return mean;
    }
    int point = mean.indexOf('.');
    int decimals = point < 0 ? 0 : mean.length() - point - 1;
    return mean + " ±" + fixed(statistic.error(), decimals);
  }

  /// Writes a ratio and its error.
  static String ratio(Statistic statistic) {
    String mean = hundredths(statistic.mean());
    return Double.isNaN(statistic.error())
        ? mean
        : mean + String.format(Locale.ROOT, " ±%.2f", statistic.error());
  }

  /// Writes a ratio.
  static String hundredths(double ratio) {
    return String.format(Locale.ROOT, "%.2f", ratio);
  }

  /// Writes a change as Go's tables do: in percent, or `~` if it is within the error; `-` if there
  /// is none, since the old mean was 0.
  static String change(Statistic.Change change) {
    if (!Double.isFinite(change.relative())) {
      return "-";
    }
    String percent = String.format(Locale.ROOT, "%+.2f%%", 100 * change.relative());
    if (Double.isNaN(change.error())) {
      return percent + " (?)";
    }
    // Two digits that count: an error below 1 % must not look like none.
    double width = 100 * change.error();
    String error = " ±" + fixed(width, decimals(width, 2)) + "%";
    return change.isSignificant() ? percent + error : "~ (" + percent + error + ")";
  }

  /// Writes how many times one mean is the other; `-` if the other is 0.
  static String times(Statistic.Change change) {
    double ratio = 1 + change.relative();
    if (!Double.isFinite(ratio)) {
      return "-";
    }
    boolean plain = ratio >= 10 || (ratio > 0 && ratio < 0.1);
    return (plain ? plain(ratio) : hundredths(ratio)) + "x";
  }
}
