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
    for (int i = 0; i < chart.series().size(); i++) {
      drawing.series(chart.series().get(i), (i - (chart.series().size() - 1) / 2.0) * APART);
    }
    return drawing.svg.toString();
  }

  private double x(int place) {
    double step = (double) (WIDTH - LEFT - RIGHT) / chart.places().size();
    return LEFT + step * (place + 0.5);
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
    svg.add("<g class=\"s%d\">", series.color());
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
      double top = y(value.mean() + value.error());
      double bottom = y(value.mean() - value.error());
      svg.line("bar", x, top, x, bottom);
      svg.line("bar", x - CAP, top, x + CAP, top);
      svg.line("bar", x - CAP, bottom, x + CAP, bottom);
    }
    svg.add(
        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"><title>%s, %s: %s %s</title></circle>",
        x,
        y(value.mean()),
        Svg.escape(series.name()),
        Svg.escape(chart.places().get(point.place())),
        Svg.escape(Numbers.withError(value)),
        Svg.escape(chart.unit()));
  }
}
