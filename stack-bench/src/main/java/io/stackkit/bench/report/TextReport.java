package io.stackkit.bench.report;

import com.google.common.base.Joiner;
import io.stackkit.bench.run.Outcome.Failed;
import java.util.ArrayList;
import java.util.List;

/// The report that is printed.
public final class TextReport {

  private TextReport() {}

  /// Writes the report.
  ///
  /// @param results what came of the run
  /// @param environment where it ran
  /// @return text of several lines
  public static String of(Results results, Environment environment) {
    Tables tables = new Tables(results);
    List<String> parts = new ArrayList<>();
    parts.add(environment.summary() + "\n");
    for (Table table : tables.main()) {
      parts.add(table.print(results.isOldAndNew() ? 1 : 2));
    }
    tables.memory().ifPresent(table -> parts.add(table.print(2)));
    parts.add(Joiner.on('\n').join(tables.notes()) + "\n");
    if (!results.failures().isEmpty()) {
      parts.add(failures(results.failures()));
    }
    return Joiner.on('\n').join(parts);
  }

  private static String failures(List<Failed> failures) {
    StringBuilder text = new StringBuilder("Failed forks (the log has more):\n");
    for (Failed failed : failures) {
      text.append(
          "  %s, %s, fork %d: %s%n"
              .formatted(
                  failed.step().row().label(),
                  failed.step().contender().name(),
                  failed.step().fork(),
                  failed.reason()));
    }
    return text.toString();
  }
}
