package io.stackkit.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.bench.workload.Workload;
import org.junit.jupiter.api.Test;

class PlanTest {

  @Test
  void contendersTakeTurnsInAlternatingOrder() {
    Settings settings = Arguments.parse("--workload", "pair", "--threads", "1,2", "--forks", "3");

    assertThat(Plan.of(settings))
        .extracting(step -> step.row().label() + " " + step.contender().name() + " " + step.fork())
        .containsExactly(
            "Pair fixalloc 1",
            "Pair cached 1",
            "Pair cached 2",
            "Pair fixalloc 2",
            "Pair fixalloc 3",
            "Pair cached 3",
            "Pair-2 fixalloc 1",
            "Pair-2 cached 1",
            "Pair-2 cached 2",
            "Pair-2 fixalloc 2",
            "Pair-2 fixalloc 3",
            "Pair-2 cached 3");
  }

  @Test
  void leavesOutWhoCannotRunAWorkload() {
    Settings settings =
        Arguments.parse(
            "--workload",
            "pair,handoff",
            "--allocators",
            "field-ring",
            "malloc",
            "--threads",
            "1,2",
            "--forks",
            "1");

    assertThat(Plan.of(settings))
        .extracting(step -> step.row().label() + " " + step.contender().name())
        .containsExactly(
            "Pair field-ring",
            "Pair malloc",
            "Pair-2 field-ring",
            "Pair-2 malloc",
            "Handoff-2 malloc");
    assertThat(Plan.leftOut(settings))
        .containsExactly(
            "left out: handoff with --threads 1 (needs even numbers: its threads come in pairs)",
            "left out: handoff by field-ring (cannot run it; see --list)");
  }

  @Test
  void tellsThatThreadsWereAskedForWhereAWorkloadBringsItsOwn() {
    assertThat(Plan.leftOut(Arguments.parse("--workload", "stackmem,deep", "--threads", "1,8")))
        .containsExactly("left out: stackmem with --threads 8 (it brings its own threads)");
  }

  @Test
  void tellsNothingOfNumbersOfThreadsThatNobodyAskedFor() {
    assertThat(Plan.leftOut(Arguments.parse())).isEmpty();
    assertThat(Plan.leftOut(Arguments.parse("--quick", "--workload", "handoff,stackmem")))
        .isEmpty();
  }

  @Test
  void quickTakesFewerThreads() {
    Settings settings = Arguments.parse("--quick");

    assertThat(settings.threadsOf(Workload.DEEP)).containsExactly(1, 2, 8);
    assertThat(settings.threadsOf(Workload.HANDOFF)).containsExactly(2, 8);
  }

  @Test
  void theDefaultStaysUnderTenMinutesAndQuickUnderTwo() {
    assertThat(seconds(Arguments.parse())).isLessThan(540);
    assertThat(seconds(Arguments.parse("--quick"))).isLessThan(100);
  }

  private static double seconds(Settings settings) {
    return Plan.of(settings).stream().mapToDouble(step -> Progress.expected(settings, step)).sum();
  }
}
