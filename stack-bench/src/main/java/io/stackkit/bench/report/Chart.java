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

  /// The figures of one contender.
  ///
  /// @param name who
  /// @param color number of the colour, the same in all charts
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
    for (Series one : series) {
      for (Point point : one.points) {
        Statistic value = point.value;
        min = Math.min(min, value.mean());
        max =
            Math.max(
                max, Double.isNaN(value.error()) ? value.mean() : value.mean() + value.error());
      }
    }
    return Scale.of(min, max);
  }
}
