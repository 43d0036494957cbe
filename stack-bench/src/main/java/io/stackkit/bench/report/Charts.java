package io.stackkit.bench.report;

import io.stackkit.bench.peer.Contender;
import io.stackkit.bench.report.Chart.Point;
import io.stackkit.bench.report.Chart.Series;
import io.stackkit.bench.run.Step.Row;
import io.stackkit.bench.workload.Workload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Chooses the charts of a run: for each workload the time, over the numbers of threads if there
/// are several, and the memory where that is what it is about.
final class Charts {

  private final Results results;
  private final List<Contender> contenders;

  Charts(Results results) {
    this.results = results;
    this.contenders = results.contenders();
  }

  List<Chart> all() {
    List<Chart> charts = new ArrayList<>();
    for (List<Row> rows : rowsOfWorkloads()) {
      Workload workload = rows.getFirst().workload();
      String title =
          results.hasSeveralCollectors()
              ? workload.title() + " " + rows.getFirst().collector().title()
              : workload.title();
      if (workload.isSingleShot()) {
        charts.add(chart(title + ": memory", "MiB from the system", Metric.SYSTEM_MB, rows));
      }
      charts.add(chart(title, rows.getFirst().unit().symbol(), Metric.TIME, rows));
    }
    return charts.stream().filter(chart -> !chart.series().isEmpty()).toList();
  }

  private Collection<List<Row>> rowsOfWorkloads() {
    Map<String, List<Row>> groups = new LinkedHashMap<>();
    for (Row row : results.rows()) {
      String group = row.collector() + " " + row.workload();
      groups.computeIfAbsent(group, key -> new ArrayList<>()).add(row);
    }
    return groups.values();
  }

  private Chart chart(String title, String unit, Metric metric, List<Row> rows) {
    List<Series> series = new ArrayList<>();
    for (int color = 0; color < contenders.size(); color++) {
      List<Point> points = new ArrayList<>();
      for (int place = 0; place < rows.size(); place++) {
        Optional<Statistic> value = results.of(rows.get(place), contenders.get(color), metric);
        if (value.isPresent()) {
          points.add(new Point(place, value.get()));
        }
      }
      if (!points.isEmpty()) {
        series.add(new Series(contenders.get(color).name(), color, points));
      }
    }
    List<String> places = rows.stream().map(row -> Integer.toString(row.threads())).toList();
    return new Chart(title, unit, places, "threads", series);
  }
}
