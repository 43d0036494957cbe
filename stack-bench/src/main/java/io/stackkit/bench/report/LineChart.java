package io.stackkit.bench.report;

import io.stackkit.bench.report.Chart.Point;
import io.stackkit.bench.report.Chart.Series;
import java.util.Locale;
import java.util.StringJoiner;

/// Draws a chart whose places have an order, such as numbers of threads: a line for each series,
/// with error bars.
final class LineChart {

  private static final int WIDTH = 460;
  private static final int HEIGHT = 300;
  private static final int LEFT = 76;
  private static final int RIGHT = 14;
  private static final int TOP = 14;
  private static final int BOTTOM = 40;
  private static final double CAP = 3.5;

  /// Series are moved apart a little, so that their error bars do not hide each other.
  private static final double APART = 5;

  /// The part of a place's room that all its series may take, so that none looks like the next's.
  private static final double SPREAD = 0.7;

  private final Chart chart;
  private final Scale scale;
  private final Svg svg;

  private LineChart(Chart chart) {
    this.chart = chart;
    this.scale = chart.scale();
    this.svg = new Svg(WIDTH, HEIGHT, chart.title());
  }

  static String draw(Chart chart) {
    LineChart drawing = new LineChart(chart);
    drawing.axes();
    int count = chart.series().size();
    double apart = Math.min(APART, SPREAD * drawing.step() / count);
    for (int i = 0; i < count; i++) {
      drawing.series(chart.series().get(i), (i - (count - 1) / 2.0) * apart);
    }
    return drawing.svg.toString();
  }

  private double step() {
    return (double) (WIDTH - LEFT - RIGHT) / chart.places().size();
  }

  private double x(int place) {
    return LEFT + step() * (place + 0.5);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - scale.place(value) * (HEIGHT - TOP - BOTTOM);
  }

  private void axes() {
    for (double tick : scale.ticks()) {
      svg.line("grid", LEFT, y(tick), WIDTH - RIGHT, y(tick));
      svg.text("tick", "end", LEFT - 6, y(tick) + 4, Numbers.tick(tick));
    }
    for (int place = 0; place < chart.places().size(); place++) {
      svg.text("tick", "middle", x(place), HEIGHT - BOTTOM + 16, chart.places().get(place));
    }
    svg.text("axis", "middle", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 6, chart.axis());
    svg.add(
        "<text class=\"axis\" text-anchor=\"middle\" transform=\"translate(12 %.1f)"
            + " rotate(-90)\">%s</text>",
        (TOP + HEIGHT - BOTTOM) / 2.0,
        Svg.escape(chart.unit() + (scale.logarithmic() ? ", logarithmic" : "")));
  }

  private void series(Series series, double shift) {
    svg.add("<g class=\"%s\">", Svg.look(series.color()));
    StringJoiner path = new StringJoiner(" L", "M", "");
    for (Point point : series.points()) {
      path.add(
          String.format(
              Locale.ROOT, "%.1f %.1f", x(point.place()) + shift, y(point.value().mean())));
    }
    svg.add("<path class=\"line\" d=\"%s\"/>", path);
    for (Point point : series.points()) {
      point(series, point, x(point.place()) + shift);
    }
    svg.add("</g>");
  }

  private void point(Series series, Point point, double x) {
    Statistic value = point.value();
    if (!Double.isNaN(value.error())) {
      double[] ends = {value.mean() - value.error(), value.mean() + value.error()};
      svg.line("bar", x, y(ends[0]), x, y(ends[1]));
      for (double end : ends) {
        // An end beyond the axis has no cap: the interval does not stop there.
        if (scale.shows(end)) {
          svg.line("bar", x - CAP, y(end), x + CAP, y(end));
        }
      }
    }
    String place = chart.places().get(point.place());
    String figure = Numbers.withError(value) + " " + chart.unit();
    String title = series.name() + ", " + place + ": " + figure;
    svg.mark(series.color(), x, y(value.mean()), 3.5, title);
  }
}
