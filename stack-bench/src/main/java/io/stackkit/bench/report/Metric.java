package io.stackkit.bench.report;

import io.stackkit.bench.run.Outcome.Measured;
import io.stackkit.bench.workload.Figures;
import java.util.function.ToDoubleFunction;

/// A figure that is reported. NaN where it is not known.
public enum Metric {
  /// The time, in the workload's unit.
  TIME("time", Measured::time),
  /// Memory from the system at the end.
  SYSTEM_MB("from the system, MB", measured -> megabytes(measured.figures().sysBytes())),
  /// Memory from the system after the first of several repetitions.
  FIRST_MB("the first time, MB", measured -> megabytes(measured.figures().firstSysBytes())),
  /// The most that was in use.
  PEAK_MB("peak in use, MB", measured -> megabytes(measured.figures().peakInUseBytes())),
  /// Growth of resident memory.
  RESIDENT_MB("resident, MB", measured -> megabytes(measured.figures().residentBytes())),
  /// Number of Ms.
  MACHINES("Ms", measured -> orNaN(measured.figures().machines())),
  /// Garbage.
  GARBAGE("garbage, B/op", Measured::bytesPerOperation);

  private final String title;

  @SuppressWarnings("ImmutableEnumChecker") // a function without state
  private final ToDoubleFunction<Measured> value;

  Metric(String title, ToDoubleFunction<Measured> value) {
    this.title = title;
    this.value = value;
  }

  private static double megabytes(long bytes) {
    return bytes < 0 ? Double.NaN : bytes / (double) (1 << 20);
  }

  private static double orNaN(long value) {
    return value == Figures.UNKNOWN.machines() ? Double.NaN : value;
  }

  /// Returns its name.
  ///
  /// @return a phrase with the unit
  public String title() {
    return title;
  }

  double of(Measured measured) {
    return value.applyAsDouble(measured);
  }
}
