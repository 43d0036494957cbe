package io.stackkit.bench.report;

import com.google.common.collect.ImmutableList;
import io.stackkit.bench.peer.Contender;
import io.stackkit.bench.run.Step.Row;
import io.stackkit.bench.workload.PairedBenchmark;
import io.stackkit.bench.workload.Unit;
import io.stackkit.bench.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The tables of a run.
public final class Tables {

  /// What the memory table shows.
  private static final List<Metric> MEMORY =
      List.of(
          Metric.SYSTEM_MB,
          Metric.FIRST_MB,
          Metric.PEAK_MB,
          Metric.RESIDENT_MB,
          Metric.MACHINES,
          Metric.GARBAGE);

  private final Results results;

  /// Reads results.
  ///
  /// @param results what is shown
  public Tables(Results results) {
    this.results = results;
  }

  /// Makes the main tables: the commit's own if two contenders are compared, else a longer form.
  ///
  /// @return one table for each unit
  public List<Table> main() {
    if (results.isPaired()) {
      return List.of(paired());
    }
    return results.isOldAndNew() ? oldAndNew() : everyone();
  }

  private Table paired() {
    ImmutableList.Builder<List<String>> rows = ImmutableList.builder();
    for (Row row : rows(Unit.TIMES)) {
      for (Contender contender : results.contenders(row)) {
        Statistic times = results.of(row, contender, Metric.TIME).orElseThrow();
        rows.add(
            List.of(
                nameIfFirst(row, contender),
                contender.name(),
                Numbers.ratio(times),
                Numbers.hundredths(times.min()),
                Numbers.hundredths(times.max())));
      }
    }
    return new Table(
        "",
        ImmutableList.of("benchmark", "allocator", Unit.TIMES.symbol(), "least fork", "most"),
        rows.build());
  }

  private String nameIfFirst(Row row, Contender contender) {
    return contender.equals(results.contenders(row).getFirst()) ? results.label(row) : "";
  }

  private List<Table> oldAndNew() {
    List<Contender> pair = results.contenders();
    List<Table> tables = new ArrayList<>();
    for (Unit unit : Unit.values()) {
      ImmutableList.Builder<List<String>> rows = ImmutableList.builder();
      boolean memory = unit == Unit.SECONDS;
      if (memory) {
        addChanges(rows, unit, Metric.SYSTEM_MB, ", MB", pair);
      }
      addChanges(rows, unit, Metric.TIME, memory ? ", sec" : "", pair);
      ImmutableList<List<String>> all = rows.build();
      if (!all.isEmpty()) {
        String symbol = memory ? "" : " " + unit.symbol();
        tables.add(
            new Table(
                "", ImmutableList.of("benchmark", "old" + symbol, "new" + symbol, "delta"), all));
      }
    }
    return tables;
  }

  private void addChanges(
      ImmutableList.Builder<List<String>> rows,
      Unit unit,
      Metric metric,
      String suffix,
      List<Contender> pair) {
    for (Row row : rows(unit)) {
      Optional<Statistic> older = results.of(row, pair.get(0), metric);
      Optional<Statistic> newer = results.of(row, pair.get(1), metric);
      if (older.isPresent() || newer.isPresent()) {
        String change =
            older.isPresent() && newer.isPresent()
                ? Numbers.change(newer.get().since(older.get()))
                : "";
        rows.add(
            List.of(
                results.label(row) + suffix,
                older.map(Numbers::withError).orElse("-"),
                newer.map(Numbers::withError).orElse("-"),
                change));
      }
    }
  }

  private List<Table> everyone() {
    List<Table> tables = new ArrayList<>();
    for (Unit unit : Unit.values()) {
      ImmutableList.Builder<List<String>> rows = ImmutableList.builder();
      for (Row row : rows(unit)) {
        List<Contender> contenders = results.contenders(row);
        Optional<Statistic> first = results.of(row, results.baseline(row.workload()), Metric.TIME);
        for (Contender contender : contenders) {
          Statistic time = results.of(row, contender, Metric.TIME).orElseThrow();
          rows.add(
              List.of(
                  nameIfFirst(row, contender),
                  contender.name(),
                  Numbers.withError(time),
                  first.map(old -> Numbers.times(time.since(old))).orElse("-")));
        }
      }
      ImmutableList<List<String>> all = rows.build();
      if (!all.isEmpty()) {
        tables.add(
            new Table(
                "",
                ImmutableList.of("benchmark", "allocator", unit.symbol(), "times the first"),
                all));
      }
    }
    return tables;
  }

  /// Makes the table of memory and garbage.
  ///
  /// @return the table, with the columns that have figures; empty if there are none
  public Optional<Table> memory() {
    List<Metric> metrics =
        MEMORY.stream()
            .filter(
                metric ->
                    results.rows().stream()
                        .anyMatch(
                            row ->
                                results.contenders(row).stream()
                                    .anyMatch(c -> results.of(row, c, metric).isPresent())))
            .toList();
    if (metrics.isEmpty()) {
      return Optional.empty();
    }
    ImmutableList.Builder<String> head = ImmutableList.builder();
    head.add("benchmark", "allocator");
    metrics.forEach(metric -> head.add(metric.title()));
    ImmutableList.Builder<List<String>> rows = ImmutableList.builder();
    for (Row row : results.rows()) {
      for (Contender contender : results.contenders(row)) {
        List<String> cells = new ArrayList<>();
        cells.add(nameIfFirst(row, contender));
        cells.add(contender.name());
        for (Metric metric : metrics) {
          cells.add(results.of(row, contender, metric).map(Numbers::withError).orElse("-"));
        }
        rows.add(cells);
      }
    }
    return Optional.of(new Table("Memory", head.build(), rows.build()));
  }

  private List<Row> rows(Unit unit) {
    return results.rows().stream().filter(row -> row.unit() == unit).toList();
  }

  /// Says what the figures mean, in lines.
  ///
  /// @return what stands under the tables
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    List<Contender> contenders = results.contenders();
    if (results.isOldAndNew()) {
      notes.add("old = %s, new = %s".formatted(contenders.get(0).name(), contenders.get(1).name()));
    }
    results.rows().stream()
        .map(Row::unit)
        .distinct()
        .forEach(unit -> notes.add(unit.symbol() + " = " + unit.description()));
    notes.add(
        "Means of the forks, each a fresh JVM; ± is the 95 % confidence interval of the mean"
            + " (Student's t over forks).");
    if (results.isPaired()) {
      notes.add(
          "The first one stands beside itself, too: what it differs from 1 by is the error of the"
              + " comparison.");
      notes.add(turns());
      return notes;
    }
    notes.add(
        "± of a change comes from both; ~ = no difference larger than that; (?) = fewer than three"
            + " forks, error unknown.");
    if (results.rows().stream().map(Row::workload).anyMatch(Workload::isSingleShot)) {
      notes.add(
          "MB = memory that the allocator had obtained from the system at the end, in MiB;"
              + " resident = growth of the process, the Java heap included; the first time = after"
              + " the first of several repetitions.");
    }
    return notes;
  }

  private String turns() {
    return results.rows().stream()
        .map(Row::threads)
        .distinct()
        .map(n -> "%d ms at %d".formatted(PairedBenchmark.turnMillis(n), n))
        .collect(Collectors.joining(", ", "One turn, by the number of threads: ", "."));
  }
}
