package io.stackkit.bench.report;

import io.stackkit.bench.run.Outcome.Failed;
import java.util.List;

/// The report as a page that stands alone: charts as SVG, tables, and where it ran. No script, no
/// other file.
final class HtmlReport {

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --ink: #1d232b; --soft: #5a6572; --grid: #dfe3e8;
        --page: #ffffff; --card: #f7f8fa;
        --c0: #c4571b; --c1: #1f66b0; --c2: #2f7d54; --c3: #7a45a8; --c4: #b12a43; --c5: #14808f;
        --c6: #866b16; --c7: #66707c; }
      @media (prefers-color-scheme: dark) { :root { --ink: #e8ebef; --soft: #a3adb9;
        --grid: #343c46; --page: #14181d; --card: #1c2127;
        --c0: #f08a4b; --c1: #67a9ee; --c2: #63bd8c; --c3: #bb8fe6; --c4: #ee7389; --c5: #4fc0cf;
        --c6: #cfae4a; --c7: #a5b0bd; } }
      body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page);
        max-width: 1000px; margin: 2rem auto; padding: 0 1rem; }
      h1 { font-size: 1.5rem; margin-bottom: .2rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
      h3 { font-size: 1rem; margin: 0 0 .3rem; } p, li { color: var(--soft); }
      .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(440px, 1fr));
        gap: 1rem; align-items: start; }
      .charts section { background: var(--card); border-radius: 8px; padding: .8rem; }
      .charts svg { max-width: 100%; height: auto; }
      .scroll { overflow-x: auto; }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .6rem 0; }
      th, td { text-align: right; padding: .25rem .8rem; white-space: nowrap;
        border-bottom: 1px solid var(--grid); }
      th { color: var(--soft); font-weight: 600; } .left { text-align: left; }
      .legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; padding: 0; }
      .legend svg { margin-right: .4em; vertical-align: middle; }
      .grid { stroke: var(--grid); } text { fill: var(--ink); font-size: 12px; }
      .tick, .axis { fill: var(--soft); }
      .line { fill: none; stroke: currentColor; stroke-width: 2; }
      .d1 .line { stroke-dasharray: 7 3; } .d2 .line { stroke-dasharray: 2 3; }
      .d3 .line { stroke-dasharray: 9 3 2 3; }
      .bar { stroke: currentColor; stroke-width: 1.3; } .over { stroke: var(--ink); }
      .mark, .fill { fill: currentColor; }
      """;

  private final StringBuilder page = new StringBuilder();

  private HtmlReport() {}

  static String of(Results results, Environment environment) {
    HtmlReport report = new HtmlReport();
    report.head(environment);
    report.charts(new Charts(results).all(), results);
    report.tables(new Tables(results), results.isOldAndNew());
    report.failures(results.failures());
    report.environment(environment);
    return report.page.append("</body>\n</html>\n").toString();
  }

  private HtmlReport add(String html) {
    page.append(html);
    return this;
  }

  private void head(Environment environment) {
    add("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .add("<title>stack kit: benchmarks</title>\n<style>\n")
        .add(STYLE)
        .add(colors())
        .add("</style>\n</head>\n<body>\n<h1>stack kit: benchmarks</h1>\n<p>")
        .add(Svg.escape(environment.summary()))
        .add("</p>\n");
  }

  private static String colors() {
    StringBuilder style = new StringBuilder();
    for (int i = 0; i < Svg.COLORS; i++) {
      style.append(".s%d { color: var(--c%d); }%n".formatted(i, i));
    }
    return style.toString();
  }

  private void charts(List<Chart> charts, Results results) {
    add("<ul class=\"legend\">\n");
    int look = 0;
    for (var contender : results.contenders()) {
      String name = contender.name();
      add("<li>").add(key(look++, name)).add(Svg.escape(name)).add("</li>\n");
    }
    add("</ul>\n<div class=\"charts\">\n");
    for (Chart chart : charts) {
      add("<section>\n<h3>").add(Svg.escape(chart.title())).add("</h3>\n");
      add(chart.places().size() > 1 ? LineChart.draw(chart) : BarChart.draw(chart));
      add("</section>\n");
    }
    add("</div>\n");
  }

  /// Draws what a series looks like, for the legend.
  private static String key(int look, String name) {
    Svg svg = new Svg(36, 12, name);
    svg.add("<g class=\"%s\"><path class=\"line\" d=\"M0 6 L36 6\"/>", Svg.look(look));
    return svg.mark(look, 18, 6, 3.5, name).add("</g>").toString();
  }

  private void tables(Tables tables, boolean pair) {
    add("<h2>Tables</h2>\n");
    tables.main().forEach(table -> table(table, pair ? 1 : 2));
    tables.memory().ifPresent(table -> table(table, 2));
    add("<ul>\n");
    tables.notes().forEach(note -> add("<li>").add(Svg.escape(note)).add("</li>\n"));
    add("</ul>\n");
  }

  private void table(Table table, int left) {
    if (!table.title().isEmpty()) {
      add("<h3>").add(Svg.escape(table.title())).add("</h3>\n");
    }
    add("<div class=\"scroll\"><table>\n");
    row("th", table.head(), left);
    table.rows().forEach(row -> row("td", row, left));
    add("</table></div>\n");
  }

  private void row(String element, List<String> cells, int left) {
    add("<tr>");
    for (int i = 0; i < cells.size(); i++) {
      add("<" + element + (i < left ? " class=\"left\">" : ">"))
          .add(Svg.escape(cells.get(i)))
          .add("</" + element + ">");
    }
    add("</tr>\n");
  }

  private void failures(List<Failed> failures) {
    if (failures.isEmpty()) {
      return;
    }
    add("<h2>Failed forks</h2>\n<ul>\n");
    for (Failed failed : failures) {
      add("<li>")
          .add(
              Svg.escape(
                  failed.step().row().label()
                      + ", "
                      + failed.step().contender().name()
                      + ": "
                      + failed.reason()))
          .add("</li>\n");
    }
    add("</ul>\n");
  }

  private void environment(Environment environment) {
    add("<h2>Environment</h2>\n<div class=\"scroll\"><table>\n");
    environment
        .facts()
        .forEach(
            (name, value) ->
                add(
                    "<tr><th class=\"left\">"
                        + Svg.escape(name)
                        + "</th><td class=\"left\">"
                        + Svg.escape(value)
                        + "</td></tr>\n"));
    add("</table></div>\n");
  }
}
