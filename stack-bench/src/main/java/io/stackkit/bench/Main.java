package io.stackkit.bench;

import io.stackkit.api.StackAllocators;
import io.stackkit.bench.peer.Peer;
import io.stackkit.bench.report.Environment;
import io.stackkit.bench.report.Results;
import io.stackkit.bench.report.ResultsFolder;
import io.stackkit.bench.report.TextReport;
import io.stackkit.bench.run.Arguments;
import io.stackkit.bench.run.ForkRunner;
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

/// The benchmarks' command. Started by the script `stack-bench/bench`.
public final class Main {

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private Main() {}

  /// Runs the command and ends the JVM: with 0, with 1 if a fork failed, with 2 if the command line
  /// or the configuration is wrong.
  ///
  /// @param args see `--help`
  public static void main(String[] args) throws IOException {
    // a fork that hangs must not outlive whoever waits for it
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () ->
                    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly)));
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
    Settings settings;
    try {
      settings = Arguments.parse(args);
    } catch (UsageException | StackConfigException e) {
      err.println(e.getMessage());
      return USAGE;
    }
    return run(settings, words, out);
  }

  private static int run(Settings settings, List<String> words, PrintStream out)
      throws IOException {
    Environment environment = Environment.here(settings, words);
    ResultsFolder folder = ResultsFolder.create(settings);
    List<Step> steps = Plan.of(settings);
    ForkRunner runner = new ForkRunner(settings, folder.log());
    Progress progress = new Progress(out, settings, steps);
    List<Outcome> outcomes = new ArrayList<>();
    progress.begin();
    for (Step step : steps) {
      Outcome outcome = runner.run(step);
      outcomes.add(outcome);
      progress.add(outcome);
    }
    Results results = new Results(settings.contenders(), outcomes);
    folder.write(results, environment);
    out.printf(
        Locale.ROOT,
        "%n%s%nTook %s. Kept in %s (report.html has charts)%n",
        TextReport.of(results, environment),
        progress.elapsed(),
        folder);
    return results.failures().isEmpty() ? OK : FAILED;
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
