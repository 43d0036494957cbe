package io.stackkit.bench;

import io.stackkit.api.StackAllocators;
import io.stackkit.bench.peer.Peer;
import io.stackkit.bench.report.Environment;
import io.stackkit.bench.report.Results;
import io.stackkit.bench.report.ResultsFolder;
import io.stackkit.bench.report.TextReport;
import io.stackkit.bench.run.Arguments;
import io.stackkit.bench.run.ForkRunner;
import io.stackkit.bench.run.OneAtATime;
import io.stackkit.bench.run.Outcome;
import io.stackkit.bench.run.Plan;
import io.stackkit.bench.run.Progress;
import io.stackkit.bench.run.Settings;
import io.stackkit.bench.run.Step;
import io.stackkit.bench.run.UsageException;
import io.stackkit.bench.workload.Workload;
import io.stackkit.config.StackConfigException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The benchmarks' command. Started by the script `stack-bench/bench`.
public final class Main {

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  /// Set when this JVM is being ended, by Ctrl-C for instance.
  private static final AtomicBoolean ENDING = new AtomicBoolean();

  private Main() {}

  /// Runs the command and ends the JVM: with 0, with 1 if a fork or the writing of results failed,
  /// with 2 if the command line or the configuration is wrong, or another run is under way. What
  /// was measured is kept whenever it ends.
  ///
  /// @param args see `--help`
  public static void main(String[] args) throws IOException {
    // a fork that hangs must not outlive whoever waits for it
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  ENDING.set(true);
                  ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
                }));
    System.exit(run(args, System.out, System.err));
  }

  static int run(String[] args, PrintStream out, PrintStream err) throws IOException {
    List<String> words = Arrays.asList(args);
    if (words.contains("--help")) {
      out.print(Arguments.USAGE);
      return OK;
    }
    if (words.contains("--list")) {
      list(out);
      return OK;
    }
    try {
      Settings settings = Arguments.parse(args);
      try (OneAtATime _ = OneAtATime.begin()) {
        return run(settings, words, out, err);
      }
    } catch (UsageException | StackConfigException e) {
      err.println(e.getMessage());
      return USAGE;
    }
  }

  private static int run(Settings settings, List<String> words, PrintStream out, PrintStream err)
      throws IOException {
    Environment environment = Environment.here(settings, words);
    List<Step> steps = Plan.of(settings);
    ResultsFolder folder = ResultsFolder.create(settings);
    ForkRunner runner = new ForkRunner(settings, folder.log());
    Progress progress = new Progress(out, settings, steps);
    List<Outcome> outcomes = new ArrayList<>();
    IOException unwritten = null;
    Plan.leftOut(settings).forEach(out::println);
    progress.begin();
    out.printf("Results so far are in %s after each fork%n", folder);
    for (Step step : steps) {
      Outcome outcome = runner.run(step);
      if (ENDING.get()) {
        // a fork that was ended has not failed
        return FAILED;
      }
      outcomes.add(outcome);
      progress.add(outcome);
      unwritten = write(new Results(settings.contenders(), outcomes), environment, folder);
    }
    Results results = new Results(settings.contenders(), outcomes);
    out.printf(
        Locale.ROOT,
        "%n%s%nTook %s. Kept in %s (report.html has charts)%n",
        TextReport.of(results, environment),
        progress.elapsed(),
        folder);
    if (unwritten != null) {
      err.printf("--out: %s: not everything could be written: %s%n", folder, unwritten);
      return FAILED;
    }
    return results.failures().isEmpty() ? OK : FAILED;
  }

  /// After each fork, so that a run that is ended early leaves what it has measured.
  private static @Nullable IOException write(
      Results results, Environment environment, ResultsFolder folder) {
    try {
      folder.write(results, environment);
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  private static void list(PrintStream out) {
    out.println("Workloads (the name before a hyphen or number stands for all of its kind):");
    for (Workload workload : Workload.all()) {
      out.printf("  %-18s %s%n", workload.key(), workload.description());
    }
    out.println(
        "\n"
            + "Allocators of the kit (also local:SPEC for blocks, arena:SPEC and dirty:SPEC for"
            + " frames):");
    StackAllocators.available()
        .forEach(provider -> out.printf("  %-20s %s%n", provider.name(), provider.description()));
    out.println("\nPeers, and the workloads each can run:");
    for (Peer peer : Peer.values()) {
      out.printf("  %-20s %s%n", peer.spec(), peer.description());
      out.printf("  %-20s   %s%n", "", workloads(peer));
    }
  }

  private static String workloads(Peer peer) {
    return String.join(
        " ",
        Workload.all().stream()
            .filter(workload -> peer.fills(workload.need()))
            .map(Workload::group)
            .distinct()
            .toList());
  }
}
