package io.stackkit.bench.report;

import com.google.common.html.HtmlEscapers;
import java.util.Locale;

/// Collects the elements of a drawing. Colours and fonts come from the page's style sheet.
final class Svg {

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
