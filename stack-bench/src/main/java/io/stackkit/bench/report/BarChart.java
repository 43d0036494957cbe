package io.stackkit.bench.report;

import io.stackkit.bench.report.Chart.Point;
import io.stackkit.bench.report.Chart.Series;

/// Draws a chart of one place: a bar for each series, with its error, its figure beside it. On a
/// logarithmic axis, where the length of a bar would mean nothing, a dot takes its place.
final class BarChart {

  private static final int WIDTH = 460;
  private static final int LEFT = 150;
  private static final int RIGHT = 90;
  private static final int TOP = 8;
  private static final int ROW = 24;
  private static final int BAR = 13;
  private static final int BOTTOM = 38;
  private static final double CAP = 3.5;

  private final Chart chart;
  private final Scale scale;
  private final int height;
  private final Svg svg;

  private BarChart(Chart chart) {
    this.chart = chart;
    this.scale = chart.scale();
    this.height = TOP + chart.series().size() * ROW + BOTTOM;
    this.svg = new Svg(WIDTH, height, chart.title());
  }

  static String draw(Chart chart) {
    BarChart drawing = new BarChart(chart);
    drawing.axis();
    for (int row = 0; row < chart.series().size(); row++) {
      Series series = chart.series().get(row);
      for (Point point : series.points()) {
        drawing.bar(series, point.value(), TOP + (row + 0.5) * ROW);
      }
    }
    return drawing.svg.toString();
  }

  private double x(double value) {
    return LEFT + scale.place(value) * (WIDTH - LEFT - RIGHT);
  }

  private void axis() {
    for (double tick : scale.ticks()) {
      svg.line("grid", x(tick), TOP, x(tick), height - BOTTOM);
      svg.text("tick", "middle", x(tick), height - BOTTOM + 14, Numbers.tick(tick));
    }
    svg.text(
        "axis",
        "middle",
        (LEFT + WIDTH - RIGHT) / 2.0,
        height - 6,
        chart.unit() + (scale.logarithmic() ? ", logarithmic" : ""));
  }

  private void bar(Series series, Statistic value, double y) {
    svg.text("name", "end", LEFT - 8, y + 4, shortened(series.name()));
    svg.add("<g class=\"s%d\"><title>%s</title>", series.color(), Svg.escape(series.name()));
    if (scale.logarithmic()) {
      svg.add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\"/>", x(value.mean()), y);
    } else {
      svg.add(
          "<rect class=\"fill\" x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"%d\"/>",
          LEFT, y - BAR / 2.0, x(value.mean()) - LEFT, BAR);
    }
    double end = x(value.mean());
    if (!Double.isNaN(value.error())) {
      double low = x(value.mean() - value.error());
      double high = x(value.mean() + value.error());
      String style = scale.logarithmic() ? "bar" : "over";
      svg.line(style, low, y, high, y);
      svg.line(style, low, y - CAP, low, y + CAP);
      svg.line(style, high, y - CAP, high, y + CAP);
      end = high;
    }
    svg.add("</g>");
    svg.text("figure", "start", end + 7, y + 4, Numbers.withError(value));
  }

  private static String shortened(String name) {
    return name.length() <= 22 ? name : name.substring(0, 21) + "…";
  }
}
