package io.stackkit.bench.report;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import io.stackkit.bench.peer.Contender;
import io.stackkit.bench.run.Outcome;
import io.stackkit.bench.run.Outcome.Failed;
import io.stackkit.bench.run.Outcome.Measured;
import io.stackkit.bench.run.Step.Row;
import io.stackkit.bench.workload.Workload;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.results.RunResult;

/// The outcomes of a run, by row and contender.
public final class Results {

  private record Cell(Row row, Contender contender) {}

  private final ImmutableList<Contender> contenders;
  private final ImmutableListMultimap<Cell, Measured> measured;
  private final ImmutableList<Failed> failed;

  /// Sorts outcomes.
  ///
  /// @param contenders everyone who was asked for, in the order of reports
  /// @param outcomes in the order of the run
  public Results(List<Contender> contenders, Collection<? extends Outcome> outcomes) {
    this.contenders = ImmutableList.copyOf(contenders);
    this.measured =
        outcomes.stream()
            .filter(Measured.class::isInstance)
            .map(Measured.class::cast)
            .collect(
                ImmutableListMultimap.toImmutableListMultimap(
                    m -> new Cell(m.step().row(), m.step().contender()), m -> m));
    this.failed =
        outcomes.stream()
            .filter(Failed.class::isInstance)
            .map(Failed.class::cast)
            .collect(ImmutableList.toImmutableList());
  }

  /// Returns the rows that have figures.
  ///
  /// @return rows in the order of the run
  public List<Row> rows() {
    return measured.keySet().stream().map(Cell::row).distinct().toList();
  }

  /// Returns everyone who was asked for, with figures or without.
  ///
  /// @return contenders in the order of reports
  public ImmutableList<Contender> contenders() {
    return contenders;
  }

  /// Returns who has figures in a row.
  ///
  /// @param row one of the rows
  /// @return contenders in the order of reports
  public List<Contender> contenders(Row row) {
    return contenders.stream().filter(c -> measured.containsKey(new Cell(row, c))).toList();
  }

  /// Returns whom the others of a workload are compared with: the first who has figures in any of
  /// its rows.
  ///
  /// @param workload one that has rows
  /// @return the contender
  public Contender baseline(Workload workload) {
    return contenders.stream()
        .filter(
            contender ->
                rows().stream()
                    .filter(row -> row.workload() == workload)
                    .anyMatch(row -> measured.containsKey(new Cell(row, contender))))
        .findFirst()
        .orElseThrow();
  }

  /// Tells whether rows differ by their collectors.
  ///
  /// @return whether there are several
  public boolean hasSeveralCollectors() {
    return rows().stream().map(Row::collector).distinct().count() > 1;
  }

  /// Tells whether contenders were measured beside the first one in the same JVM.
  ///
  /// @return whether they were
  public boolean isPaired() {
    return rows().stream().anyMatch(Row::paired);
  }

  /// Tells whether the tables are the commit's own: an old allocator against a new one.
  ///
  /// @return whether there are two, each in JVMs of its own
  public boolean isOldAndNew() {
    return contenders.size() == 2 && !isPaired();
  }

  /// Returns a row's name, with the collector if there are several.
  ///
  /// @param row one of the rows
  /// @return such as `StackGrowth-8`
  public String label(Row row) {
    return row.label() + (hasSeveralCollectors() ? " " + row.collector().title() : "");
  }

  /// Returns a figure.
  ///
  /// @param row where
  /// @param contender whose
  /// @param metric which
  /// @return the statistic over the forks, or empty if none of them has the figure
  public Optional<Statistic> of(Row row, Contender contender, Metric metric) {
    List<Double> values =
        measured.get(new Cell(row, contender)).stream()
            .map(metric::of)
            .filter(value -> !value.isNaN())
            .toList();
    return values.isEmpty() ? Optional.empty() : Optional.of(Statistic.of(values));
  }

  /// Returns what JMH has: one result for each row and contender, with a part for every fork.
  ///
  /// @return JMH's results
  public List<RunResult> raw() {
    return measured.asMap().values().stream().map(Results::merge).toList();
  }

  private static RunResult merge(Collection<Measured> forks) {
    RunResult first = forks.iterator().next().raw();
    return new RunResult(
        JmhParams.withForks(first.getParams(), forks.size()),
        forks.stream().flatMap(m -> m.raw().getBenchmarkResults().stream()).toList());
  }

  /// Returns the forks that measured nothing.
  ///
  /// @return failures in the order of the run
  public List<Failed> failures() {
    return failed;
  }
}
