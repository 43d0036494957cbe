package io.stackkit.bench.run;

import io.stackkit.bench.workload.Figures;
import org.openjdk.jmh.results.RunResult;

/// What came of a fork.
public sealed interface Outcome {

  /// Returns the fork.
  ///
  /// @return which it was
  Step step();

  /// It measured.
  ///
  /// @param step which fork
  /// @param time in the workload's unit
  /// @param bytesPerOperation garbage, NaN if it was not measured
  /// @param figures what else it told
  /// @param raw what JMH has
  record Measured(Step step, double time, double bytesPerOperation, Figures figures, RunResult raw)
      implements Outcome {}

  /// It did not.
  ///
  /// @param step which fork
  /// @param reason why, in a line
  record Failed(Step step, String reason) implements Outcome {}
}
