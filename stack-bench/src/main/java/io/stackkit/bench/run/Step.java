package io.stackkit.bench.run;

import io.stackkit.bench.peer.Contender;
import io.stackkit.bench.workload.Unit;
import io.stackkit.bench.workload.Workload;

/// One fork: a fresh JVM that measures one thing.
///
/// @param row what is measured
/// @param contender who does it
/// @param fork which repetition, from 1
public record Step(Row row, Contender contender, int fork) {

  /// What figures are comparable within.
  ///
  /// @param workload what is done
  /// @param threads by how many threads
  /// @param collector under which garbage collector
  /// @param paired whether each is measured beside the first contender in one JVM
  public record Row(Workload workload, int threads, Collector collector, boolean paired) {

    /// Returns what its figures mean.
    ///
    /// @return the unit
    public Unit unit() {
      return paired ? Unit.TIMES : workload.unit();
    }

    /// Returns the name as Go writes it.
    ///
    /// @return such as `StackGrowth-8`
    public String label() {
      return workload.title() + (threads == 1 ? "" : "-" + threads);
    }
  }
}
