package io.stackkit.bench.report;

import com.google.common.html.HtmlEscapers;
import java.util.Locale;
import java.util.StringJoiner;

/// Collects the elements of a drawing. Colours and fonts come from the page's style sheet.
final class Svg {

  /// Colours there are; the page's style sheet has one class for each.
  static final int COLORS = 8;

  /// Marks there are, each with a line style in the style sheet.
  static final int MARKS = 4;

  private final StringBuilder elements = new StringBuilder();
  private final int width;
  private final int height;
  private final String title;

  Svg(int width, int height, String title) {
    this.width = width;
    this.height = height;
    this.title = title;
  }

  static String escape(String text) {
    return HtmlEscapers.htmlEscaper().escape(text);
  }

  /// Returns the classes of a series' look. When the colours are used up they come again with
  /// another mark and line style.
  static String look(int number) {
    return "s" + number % COLORS + " d" + mark(number);
  }

  private static int mark(int number) {
    return number / COLORS % MARKS;
  }

  /// Estimates how wide text is drawn, in pixels: fonts differ from page to page.
  static double width(String text) {
    return text.chars().mapToDouble(Svg::width).sum();
  }

  private static double width(int c) {
    return c == 'm' || c == 'w' || c == '±' || c == '…'
        ? 10
        : Character.isUpperCase(c) ? 9 : Character.isDigit(c) ? 8 : 7;
  }

  /// Adds the mark of a look, with a title.
  Svg mark(int look, double x, double y, double r, String title) {
    String name = "<title>" + escape(title) + "</title>";
    return switch (mark(look)) {
      case 0 ->
          add(
              "<circle class=\"mark\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\">%s</circle>",
              x, y, r, name);
      case 1 -> polygon(name, x - r, y - r, x + r, y - r, x + r, y + r, x - r, y + r);
      case 2 -> polygon(name, x, y - 1.3 * r, x + 1.3 * r, y + r, x - 1.3 * r, y + r);
      default -> polygon(name, x, y - 1.5 * r, x + 1.5 * r, y, x, y + 1.5 * r, x - 1.5 * r, y);
    };
  }

  private Svg polygon(String content, double... corners) {
    StringJoiner points = new StringJoiner(" ");
    for (double corner : corners) {
      points.add(String.format(Locale.ROOT, "%.1f", corner));
    }
    return add("<polygon class=\"mark\" points=\"%s\">%s</polygon>", points, content);
  }

  /// Adds an element; places are rounded to a tenth of a pixel.
  @SuppressWarnings("AnnotateFormatMethod")
  Svg add(String format, Object... args) {
    elements.append(String.format(Locale.ROOT, format, args)).append('\n');
    return this;
  }

  Svg line(String style, double x1, double y1, double x2, double y2) {
    return add(
        "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
        style, x1, y1, x2, y2);
  }

  /// Adds text; the anchor is `start`, `middle` or `end`.
  Svg text(String style, String anchor, double x, double y, String text) {
    return add(
        "<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>",
        style, anchor, x, y, escape(text));
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
            + " aria-label=\"%s\">%n%s</svg>%n",
        width,
        height,
        width,
        height,
        escape(title),
        elements);
  }
}
