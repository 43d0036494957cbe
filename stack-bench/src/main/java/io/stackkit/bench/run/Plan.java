package io.stackkit.bench.run;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.stackkit.bench.peer.Contender;
import io.stackkit.bench.run.Step.Row;
import io.stackkit.bench.workload.Workload;
import java.util.List;
import java.util.stream.Collectors;

/// The order of the forks.
///
/// The contenders of a row take turns, fork by fork, and every second round in the opposite order:
/// a machine that grows slower or faster meanwhile does so for all of them.
public final class Plan {

  private Plan() {}

  /// Plans a run.
  ///
  /// @param settings what to run
  /// @return every fork, in order
  public static List<Step> of(Settings settings) {
    ImmutableList.Builder<Step> steps = ImmutableList.builder();
    for (Collector collector : settings.collectors()) {
      for (Workload workload : settings.workloads()) {
        List<Contender> contenders = settings.contendersOf(workload);
        for (int threads : settings.threadsOf(workload)) {
          Row row = new Row(workload, threads, collector, settings.paired());
          for (int fork = 1; fork <= settings.forks(); fork++) {
            List<Contender> turn = fork % 2 == 1 ? contenders : Lists.reverse(contenders);
            for (Contender contender : turn) {
              steps.add(new Step(row, contender, fork));
            }
          }
        }
      }
    }
    return steps.build();
  }

  /// Tells what was asked for and is not in the plan, since a workload cannot be done so.
  ///
  /// @param settings what to run
  /// @return a line for each, mostly none
  public static List<String> leftOut(Settings settings) {
    ImmutableList.Builder<String> lines = ImmutableList.builder();
    for (Workload workload : settings.workloads()) {
      List<Integer> threads = settings.threadsOf(workload);
      String others =
          settings.threads().stream()
              .filter(n -> !threads.contains(n))
              .map(String::valueOf)
              .collect(Collectors.joining(","));
      if (!others.isEmpty()) {
        lines.add(
            "left out: %s with --threads %s (%s)"
                .formatted(
                    workload.key(),
                    others,
                    workload.isSingleShot()
                        ? "it brings its own threads"
                        : "needs even numbers: its threads come in pairs"));
      }
      String absent =
          settings.contenders().stream()
              .filter(contender -> !contender.fills(workload.need()))
              .map(Contender::name)
              .collect(Collectors.joining(" "));
      if (!absent.isEmpty()) {
        lines.add(
            "left out: %s by %s (cannot run it; see --list)".formatted(workload.key(), absent));
      }
    }
    return lines.build();
  }
}
