package io.stackkit.bench.report;

import java.util.List;

/// A chart to be drawn: figures of several series at several places.
///
/// @param title what it shows
/// @param unit of the figures
/// @param places names of the places, in order
/// @param axis what the places are
/// @param series the figures
record Chart(String title, String unit, List<String> places, String axis, List<Series> series) {

  /// How far below the least mean an axis may start for the sake of errors: one that nearly reaches
  /// 0 would take up most of a logarithmic axis.
  private static final double REACH = 0.1;

  /// The figures of one contender.
  ///
  /// @param name who
  /// @param color number of its look, see [Svg#look], the same in all charts
  /// @param points at most one for each place
  record Series(String name, int color, List<Point> points) {}

  /// A figure.
  ///
  /// @param place number of the place
  /// @param value the figure and its error
  record Point(int place, Statistic value) {}

  Scale scale() {
    double min = Double.MAX_VALUE;
    double max = 0;
    for (Statistic value : values()) {
      min = Math.min(min, value.mean());
      max = Math.max(max, value.mean() + error(value));
    }
    double start = min;
    for (Statistic value : values()) {
      double low = value.mean() - error(value);
      if (low > 0 && low >= min * REACH) {
        start = Math.min(start, low);
      }
    }
    return Scale.of(min, start, max);
  }

  private List<Statistic> values() {
    return series.stream().flatMap(one -> one.points.stream()).map(Point::value).toList();
  }

  private static double error(Statistic value) {
    return Double.isNaN(value.error()) ? 0 : value.error();
  }
}
