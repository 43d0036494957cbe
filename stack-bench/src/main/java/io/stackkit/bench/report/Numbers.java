package io.stackkit.bench.report;

import java.util.Locale;

/// How figures are written.
final class Numbers {

  private Numbers() {}

  /// Writes a figure with three digits that count, or all before the point.
  static String plain(double value) {
    if (Double.isNaN(value)) {
      return "?";
    }
    double size = Math.abs(value);
    int decimals = size == 0 || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /// Writes a figure beside an axis, as short as may be.
  static String tick(double value) {
    if (value >= 1000) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    String text = String.format(Locale.ROOT, "%.6f", value);
    return text.replaceAll("\\.?0+$", "");
  }

  /// Writes a mean and its error with as many decimals as the mean has.
  static String withError(Statistic statistic) {
    String mean = plain(statistic.mean());
    if (Double.isNaN(statistic.error())) {
      return mean;
    }
    int point = mean.indexOf('.');
    int decimals = point < 0 ? 0 : mean.length() - point - 1;
    return mean + String.format(Locale.ROOT, " ±%." + decimals + "f", statistic.error());
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

  /// Writes a change as Go's tables do: in percent, or `~` if it is within the error.
  static String change(Statistic.Change change) {
    String percent = String.format(Locale.ROOT, "%+.2f%%", 100 * change.relative());
    if (Double.isNaN(change.error())) {
      return percent + " (?)";
    }
    String error = String.format(Locale.ROOT, " ±%.0f", 100 * change.error());
    return change.isSignificant() ? percent + error : "~ (" + percent + error + ")";
  }

  /// Writes how many times one mean is the other.
  static String times(Statistic.Change change) {
    double ratio = 1 + change.relative();
    return (ratio < 10 ? hundredths(ratio) : plain(ratio)) + "x";
  }
}
