package io.stackkit.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.bench.peer.Contender;
import io.stackkit.bench.peer.Peer;
import io.stackkit.bench.run.Step.Row;
import io.stackkit.bench.workload.Figures;
import io.stackkit.bench.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.runner.RunnerException;

/// Every workload with everyone who can run it, for some milliseconds within this JVM: it must come
/// to its end and leave nothing in use, which closing would report.
class ForkRunnerTest {

  private static final Contender CACHED = Contender.parse("cached");

  @TempDir Path folder;

  static Stream<Arguments> everything() {
    return Workload.all().stream()
        .flatMap(
            workload ->
                Peer.everyone().stream()
                    .filter(contender -> contender.fills(workload.need()))
                    .map(contender -> Arguments.of(workload, contender)));
  }

  @ParameterizedTest
  @MethodSource("everything")
  void runs(Workload workload, Contender contender) throws IOException {
    Settings settings =
        Settings.builder().warmups(0).iterations(1).iterationMillis(3).scale(0.001).build();
    Path log = folder.resolve("log");
    ForkRunner runner = new ForkRunner(settings, log, 0);

    Outcome outcome = runner.run(new Step(new Row(workload, 2, Collector.G1, false), contender, 1));

    assertThat(outcome).as(Files.readString(log)).isInstanceOf(Outcome.Measured.class);
    assertThat(((Outcome.Measured) outcome).time()).isPositive();
  }

  /// JMH ends what takes longer, and a comparison is one iteration for it.
  @Test
  void aForkMayTakeAsLongAsItWasAskedTo() {
    Step step = new Step(new Row(Workload.PAIR, 1, Collector.G1, true), CACHED, 1);
    Settings hour =
        Settings.builder().paired(true).warmups(0).iterations(30).iterationMillis(60_000).build();
    Settings second =
        Settings.builder().paired(true).warmups(0).iterations(1).iterationMillis(500).build();

    assertThat(ForkRunner.timeout(hour, step).convertTo(TimeUnit.MINUTES)).isGreaterThan(120);
    assertThat(ForkRunner.timeout(second, step).convertTo(TimeUnit.MINUTES)).isEqualTo(10);
  }

  static Stream<Workload> pairs() {
    return Workload.all().stream().filter(Workload::canBePaired);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void comparesWithTheFirst(Workload workload) throws IOException {
    Settings settings =
        Settings.builder()
            .workloads(List.of(workload))
            .warmups(0)
            .iterations(1)
            .iterationMillis(60)
            .paired(true)
            .build();
    Row row = new Row(workload, 2, Collector.G1, true);
    Path log = folder.resolve("log");
    Path figures = folder.resolve("figures");
    System.setProperty(Figures.PROPERTY, figures.toString());
    try {
      Outcome outcome = new ForkRunner(settings, log, 0).run(new Step(row, CACHED, 1));

      assertThat(outcome).as(Files.readString(log)).isInstanceOf(Outcome.Measured.class);
      assertThat(Figures.read(figures).times()).isBetween(0.01, 100.0);
      assertThat(Figures.read(figures).machines()).isPositive();
    } finally {
      System.clearProperty(Figures.PROPERTY);
    }
  }

  @Test
  void aFailureIsToldInALine() {
    String output =
        """
        # Warmup Iteration   1: <failure>

        io.stackkit.api.StackExhaustedException: maxBytes: 64k reached: requested 4k
        \tat io.stackkit.cached.CachedAllocator.allocate(CachedAllocator.java:1)
        """;

    assertThat(ForkRunner.reason(output, new RunnerException("one benchmark failed")))
        .isEqualTo("io.stackkit.api.StackExhaustedException: maxBytes: 64k reached: requested 4k");
    assertThat(ForkRunner.reason("nothing", new RunnerException("one benchmark failed")))
        .isEqualTo("one benchmark failed");
  }

  @Test
  void aForkTellsItsFigures() throws IOException {
    Settings settings = Settings.builder().scale(0.01).build();
    Step step = new Step(new Row(Workload.STACKMEM, 1, Collector.SERIAL, false), CACHED, 1);

    Outcome outcome = new ForkRunner(settings, folder.resolve("log")).run(step);

    assertThat(outcome).isInstanceOf(Outcome.Measured.class);
    Figures figures = ((Outcome.Measured) outcome).figures();
    assertThat(figures.peakInUseBytes()).isBetween(64 * 4096L, 32 * 64 * 4096L);
    assertThat(figures.sysBytes()).isGreaterThanOrEqualTo(figures.peakInUseBytes());
    assertThat(figures.machines()).isBetween(1L, 32L);
  }

  @Test
  void aForkTellsWhatRepetitionsTook() throws IOException {
    Settings settings = Settings.builder().scale(0.01).repeats(3).build();
    Step step = new Step(new Row(Workload.CHURN, 1, Collector.SERIAL, false), CACHED, 1);

    Outcome outcome = new ForkRunner(settings, folder.resolve("log")).run(step);

    assertThat(outcome).isInstanceOf(Outcome.Measured.class);
    Figures figures = ((Outcome.Measured) outcome).figures();
    assertThat(figures.firstSysBytes()).isBetween(128 * 4096L, figures.sysBytes());
  }

  /// In a fork of its own: JMH would keep the state of a run that failed within this JVM.
  @Test
  void aForkThatFailsIsAnOutcome() throws IOException {
    Settings settings = Settings.builder().scale(0.01).build();
    Contender small = Contender.parse("cached,maxBytes=64k");
    Step step = new Step(new Row(Workload.STACKMEM, 1, Collector.SERIAL, false), small, 1);

    Outcome outcome = new ForkRunner(settings, folder.resolve("log")).run(step);

    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(((Outcome.Failed) outcome).reason())
        .contains("StackExhaustedException: maxBytes: 64k");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk-bufferstack", "jdk-bufferstack-zeroed"})
  void forksAreStartedWithWhatTheirPeerNeeds(String peer) {
    Row row = new Row(Workload.FRAMES_1, 1, Collector.SERIAL, false);

    assertThat(ForkRunner.jvmArgs(new Step(row, Contender.parse(peer), 1), Path.of("figures")))
        .contains("-XX:+UseSerialGC", "--add-exports=java.base/jdk.internal.foreign=ALL-UNNAMED");
    assertThat(ForkRunner.jvmArgs(new Step(row, CACHED, 1), Path.of("figures")))
        .noneMatch(arg -> arg.startsWith("--add-exports"));
  }
}
