package io.stackkit.bench.run;

import com.google.common.collect.ImmutableList;
import io.stackkit.bench.peer.Contender;
import io.stackkit.bench.peer.Need;
import io.stackkit.bench.peer.Peer;
import io.stackkit.bench.workload.Figures;
import io.stackkit.bench.workload.PairedBenchmark;
import io.stackkit.bench.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// Runs forks by JMH, one at a time.
public final class ForkRunner {

  /// Options that every fork needs: peers call native code, and JMH itself uses what the JVM warns
  /// of. The collector's is added.
  public static final ImmutableList<String> JVM_ARGS =
      ImmutableList.of(
          "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

  private static final long MIN_TIMEOUT_SECONDS = 600;

  private static final String GARBAGE = "gc.alloc.rate.norm";

  private static final Pattern THROWN =
      Pattern.compile(
          "^(?:Caused by: )?((?:[\\w$]+\\.)+\\w*(?:Exception|Error)(?::.*)?)$", Pattern.MULTILINE);

  private final Settings settings;
  private final Path log;
  private final int forks;

  /// Makes a runner whose forks are JVMs.
  ///
  /// @param settings what to run
  /// @param log the file that all of JMH's output is added to
  public ForkRunner(Settings settings, Path log) {
    this(settings, log, 1);
  }

  /// @param forks 0 to stay in this JVM, for tests
  ForkRunner(Settings settings, Path log, int forks) {
    this.settings = settings;
    this.log = log;
    this.forks = forks;
  }

  /// Runs a fork.
  ///
  /// @param step which
  /// @return what came of it
  /// @throws IOException if a file cannot be written
  public Outcome run(Step step) throws IOException {
    Path folder = log.toAbsolutePath().getParent();
    Path output = Files.createTempFile(folder, "fork", ".log");
    Path figures = Files.createTempFile(folder, "fork", ".figures");
    try {
      RunResult result = new Runner(options(step, output, figures).build()).runSingle();
      return measured(step, result, Figures.read(figures));
    } catch (RunnerException e) {
      return new Outcome.Failed(step, reason(Files.readString(output), e));
    } finally {
      Files.write(
          log, Files.readAllBytes(output), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      Files.delete(output);
      Files.delete(figures);
    }
  }

  private ChainedOptionsBuilder options(Step step, Path output, Path figures) {
    Workload workload = step.row().workload();
    boolean paired = step.row().paired();
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(
                "^" + Pattern.quote(paired ? PairedBenchmark.NAME : workload.benchmark()) + "$")
            .param("contender", step.contender().name())
            .threads(paired ? 1 : step.row().threads())
            .forks(forks)
            .shouldFailOnError(true)
            .timeout(timeout(settings, step))
            .jvmArgs(jvmArgs(step, figures).toArray(String[]::new))
            .output(output.toString());
    if (paired) {
      options
          .param("workload", workload.key())
          .param("baseline", baseline(step).name())
          .param("workers", Integer.toString(step.row().threads()))
          .param("warmupMillis", Integer.toString(settings.warmups() * settings.iterationMillis()))
          .param("millis", Integer.toString(settings.iterations() * settings.iterationMillis()))
          .warmupIterations(0)
          .measurementIterations(1);
    } else if (workload.isSingleShot()) {
      options
          .param("scale", Double.toString(settings.scale()))
          .warmupIterations(0)
          .measurementIterations(1);
      if (workload.need() == Need.MANY_THREADS) {
        options.param("repeats", Integer.toString(settings.repeats()));
      }
    } else {
      TimeValue length = TimeValue.milliseconds(settings.iterationMillis());
      options
          .warmupIterations(settings.warmups())
          .warmupTime(length)
          .measurementIterations(settings.iterations())
          .measurementTime(length);
    }
    if (settings.allocationProfile()) {
      options.addProfiler(GCProfiler.class);
    }
    return options;
  }

  /// Returns when a fork counts as hung. JMH's own measure is ten minutes for an iteration, and a
  /// comparison of two allocators is a single one.
  static TimeValue timeout(Settings settings, Step step) {
    long expected = (long) Math.ceil(Progress.expected(settings, step));
    return TimeValue.seconds(Math.max(MIN_TIMEOUT_SECONDS, 10 * expected));
  }

  private Contender baseline(Step step) {
    return settings.contendersOf(step.row().workload()).getFirst();
  }

  /// Returns the options that a fork is started with: the collector's, and those that a peer needs.
  static List<String> jvmArgs(Step step, Path figures) {
    List<String> args = new ArrayList<>(JVM_ARGS);
    args.add(step.row().collector().flag());
    Arrays.stream(Peer.values())
        .filter(peer -> peer.spec().equals(step.contender().name()))
        .forEach(peer -> args.addAll(peer.jvmArgs()));
    args.add("-D" + Figures.PROPERTY + "=" + figures);
    return args;
  }

  private static Outcome measured(Step step, RunResult result, Figures figures) {
    double time =
        step.row().paired()
            ? figures.times()
            : step.row().workload().unit().time(result.getPrimaryResult().getScore());
    Result<?> garbage = result.getSecondaryResults().get(GARBAGE);
    return new Outcome.Measured(
        step, time, garbage == null ? Double.NaN : garbage.getScore(), figures, result);
  }

  /// JMH's exception says only that there was one; its output has the first.
  static String reason(String output, RunnerException e) {
    Matcher thrown = THROWN.matcher(output);
    return thrown.find() ? thrown.group(1) : String.valueOf(e.getMessage());
  }
}
