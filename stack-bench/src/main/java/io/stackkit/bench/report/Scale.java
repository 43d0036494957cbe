package io.stackkit.bench.report;

import java.util.ArrayList;
import java.util.List;

/// An axis: figures to places. Logarithmic where the figures span more than a factor of
/// [#LINEAR_SPAN], else linear from zero.
///
/// @param low the figure at the start
/// @param high the figure at the end
/// @param logarithmic whether equal distances are equal ratios
record Scale(double low, double high, boolean logarithmic) {

  /// Beyond this the smallest figures of a linear axis could not be told apart.
  private static final double LINEAR_SPAN = 8;

  private static final int TICKS = 5;

  /// Makes an axis for figures.
  ///
  /// @param min the smallest of them, which with the largest decides between the two kinds
  /// @param start where a logarithmic axis has to start, above 0 if the smallest is
  /// @param max the largest of them, error included
  static Scale of(double min, double start, double max) {
    if (max <= 0) {
      return new Scale(0, 1, false);
    }
    if (min > 0 && max / min > LINEAR_SPAN) {
      return new Scale(floor(start), ceiling(max), true);
    }
    double step = step(max);
    return new Scale(0, Math.ceil(max / step - 1e-9) * step, false);
  }

  /// Returns where a figure is, from 0 to 1; what is outside is moved to the end.
  double place(double value) {
    double place =
        logarithmic
            ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
            : (value - low) / (high - low);
    return Math.clamp(place, 0, 1);
  }

  /// Tells whether a figure is on the axis, and not only moved to its end.
  boolean shows(double value) {
    return value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
  }

  /// Returns the figures that are written beside the axis.
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    if (logarithmic) {
      boolean close = high / low <= 1000;
      for (double decade = Math.pow(10, Math.floor(Math.log10(low) + 1e-9));
          decade <= high * 1.001;
          decade *= 10) {
        for (int digit : close ? new int[] {1, 2, 5} : new int[] {1}) {
          double tick = decade * digit;
          if (tick >= low * 0.999 && tick <= high * 1.001) {
            ticks.add(tick);
          }
        }
      }
    } else {
      double step = step(high);
      for (int i = 0; i * step <= high * 1.001; i++) {
        ticks.add(i * step);
      }
    }
    return ticks;
  }

  /// Returns the largest 1, 2 or 5 times a power of ten that is not above.
  private static double floor(double value) {
    double decade = Math.pow(10, Math.floor(Math.log10(value)));
    double digit = value / decade;
    return decade * (digit >= 5 ? 5 : digit >= 2 ? 2 : 1);
  }

  private static double ceiling(double value) {
    double floor = floor(value);
    if (floor >= value) {
      return floor;
    }
    double decade = Math.pow(10, Math.floor(Math.log10(value)));
    double digit = value / decade;
    return decade * (digit > 5 ? 10 : digit > 2 ? 5 : 2);
  }

  private static double step(double max) {
    return ceiling(max / TICKS);
  }
}
