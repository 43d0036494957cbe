package io.stackkit.bench.report;

import io.stackkit.bench.report.Chart.Point;
import io.stackkit.bench.report.Chart.Series;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;

/// Draws a chart of one place: a bar for each series, with its error, its figure beside it. On a
/// logarithmic axis, where the length of a bar would mean nothing, a mark takes its place.
final class BarChart {

  private static final int WIDTH = 460;
  private static final int TOP = 8;
  private static final int ROW = 24;
  private static final int BAR = 13;
  private static final int BOTTOM = 38;
  private static final double CAP = 3.5;

  /// Room between text and what it belongs to.
  private static final int GAP = 8;

  /// Room that text takes at least, so that charts of short names are alike.
  private static final int LEAST = 60;

  /// Room for a name; a longer one is shortened.
  private static final int NAME = 190;

  /// Room for the bars, however long the texts are: the drawing grows instead.
  private static final int BARS = 140;

  /// Which parts of the room are tried for the start of a shortened name.
  private static final double[] STARTS = {0.5, 0.3, 0.7, 0.1, 0.9};

  private final Chart chart;
  private final Scale scale;
  private final List<String> labels;
  private final int left;
  private final int right;
  private final int width;
  private final int height;
  private final Svg svg;

  private BarChart(Chart chart) {
    this.chart = chart;
    this.scale = chart.scale();
    this.labels = labels(chart.series().stream().map(Series::name).toList());
    this.left = room(labels);
    this.right =
        room(
            chart.series().stream()
                .flatMap(series -> series.points().stream())
                .map(point -> Numbers.withError(point.value()))
                .toList());
    this.width = Math.max(WIDTH, left + BARS + right);
    this.height = TOP + chart.series().size() * ROW + BOTTOM;
    this.svg = new Svg(width, height, chart.title());
  }

  static String draw(Chart chart) {
    BarChart drawing = new BarChart(chart);
    drawing.axis();
    for (int row = 0; row < chart.series().size(); row++) {
      Series series = chart.series().get(row);
      double y = TOP + (row + 0.5) * ROW;
      drawing.svg.text("name", "end", drawing.left - GAP, y + 4, drawing.labels.get(row));
      for (Point point : series.points()) {
        drawing.bar(series, point.value(), y);
      }
    }
    return drawing.svg.toString();
  }

  private static int room(Collection<String> texts) {
    double longest = texts.stream().mapToDouble(Svg::width).max().orElse(0);
    return Math.max(LEAST, (int) Math.ceil(longest) + GAP + 2);
  }

  private double x(double value) {
    return left + scale.place(value) * (width - left - right);
  }

  private void axis() {
    double free = 0;
    for (double tick : scale.ticks()) {
      double x = x(tick);
      svg.line("grid", x, TOP, x, height - BOTTOM);
      String text = Numbers.tick(tick);
      double half = Svg.width(text) / 2;
      // On a narrow axis not every tick has room for its figure.
      if (x - half >= free) {
        svg.text("tick", "middle", x, height - BOTTOM + 14, text);
        free = x + half + 2;
      }
    }
    svg.text(
        "axis",
        "middle",
        (left + width - right) / 2.0,
        height - 6,
        chart.unit() + (scale.logarithmic() ? ", logarithmic" : ""));
  }

  private void bar(Series series, Statistic value, double y) {
    double end = x(value.mean());
    svg.add("<g class=\"%s\">", Svg.look(series.color()));
    if (scale.logarithmic()) {
      svg.mark(series.color(), end, y, 4.5, series.name());
    } else {
      svg.add(
          "<rect class=\"fill\" x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"%d\">"
              + "<title>%s</title></rect>",
          left, y - BAR / 2.0, end - left, BAR, Svg.escape(series.name()));
    }
    if (!Double.isNaN(value.error())) {
      error(value, y);
      end = x(value.mean() + value.error());
    }
    svg.add("</g>");
    svg.text("figure", "start", end + GAP, y + 4, Numbers.withError(value));
  }

  private void error(Statistic value, double y) {
    String style = scale.logarithmic() ? "bar" : "over";
    double[] ends = {value.mean() - value.error(), value.mean() + value.error()};
    svg.line(style, x(ends[0]), y, x(ends[1]), y);
    for (double end : ends) {
      // An end beyond the axis has no cap: the interval does not stop there.
      if (scale.shows(end)) {
        svg.line(style, x(end), y - CAP, x(end), y + CAP);
      }
    }
  }

  /// Shortens names where they differ least, or not at all if they would become alike.
  private static List<String> labels(List<String> names) {
    for (double start : STARTS) {
      List<String> labels = names.stream().map(name -> shortened(name, start)).toList();
      if (new HashSet<>(labels).size() == new HashSet<>(names).size()) {
        return labels;
      }
    }
    return names;
  }

  private static String shortened(String name, double start) {
    if (Svg.width(name) <= NAME) {
      return name;
    }
    double room = NAME - Svg.width("…");
    int head = 0;
    while (Svg.width(name.substring(0, head + 1)) <= start * room) {
      head++;
    }
    int tail = name.length();
    while (Svg.width(name.substring(0, head) + name.substring(tail - 1)) <= room) {
      tail--;
    }
    return name.substring(0, head) + "…" + name.substring(tail);
  }
}
