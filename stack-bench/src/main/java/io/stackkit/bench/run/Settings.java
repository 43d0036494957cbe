package io.stackkit.bench.run;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.stackkit.bench.peer.Contender;
import io.stackkit.bench.peer.Need;
import io.stackkit.bench.workload.Workload;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What to run. Immutable and consistent: every workload has a contender and a number of threads,
/// every contender a workload, and nothing is there twice.
///
/// @param contenders what is compared; the first is what the others are compared with
/// @param workloads what is done
/// @param threads numbers of threads, empty for each workload's own
/// @param quick whether a workload's own numbers of threads are those of a short run
/// @param forks fresh JVMs per workload, number of threads and contender
/// @param warmups iterations at the start of a fork that do not count
/// @param iterations iterations that count
/// @param iterationMillis length of an iteration, in milliseconds
/// @param collectors garbage collectors
/// @param allocationProfile whether garbage per operation is measured
/// @param scale share of the work of single shots
/// @param repeats how often a JVM does the workloads of coming and going threads over
/// @param paired whether each contender is measured beside the first one in the same JVM
/// @param out the folder for the results; empty for one named by the time
public record Settings(
    ImmutableList<Contender> contenders,
    ImmutableList<Workload> workloads,
    ImmutableList<Integer> threads,
    boolean quick,
    int forks,
    int warmups,
    int iterations,
    int iterationMillis,
    ImmutableList<Collector> collectors,
    boolean allocationProfile,
    double scale,
    int repeats,
    boolean paired,
    Optional<Path> out) {

  /// Most repetitions that can be asked for.
  public static final int MAX_REPEATS = 100;

  /// Most threads that can be asked for.
  public static final int MAX_THREADS = 1024;

  /// Most forks that can be asked for.
  public static final int MAX_FORKS = 100;

  /// Most iterations that can be asked for.
  public static final int MAX_ITERATIONS = 1000;

  /// Longest iteration, in milliseconds.
  public static final int MAX_MILLIS = 60_000;

  /// Smallest share of the work, in percent.
  public static final int MIN_SCALE_PERCENT = 1;

  /// Largest share of the work, in percent.
  public static final int MAX_SCALE_PERCENT = 10_000;

  private static final List<Integer> QUICK_THREADS = List.of(1, 2, 8);

  /// Returns a builder that starts from the defaults: the commit's three workloads, old against
  /// new.
  ///
  /// @return a new builder
  public static Builder builder() {
    return new Builder();
  }

  /// Returns the numbers of threads that a workload is run with.
  ///
  /// @param workload one of the workloads
  /// @return at least one number
  public List<Integer> threadsOf(Workload workload) {
    List<Integer> own = quick ? QUICK_THREADS : workload.defaultThreads();
    return workload.threadsOutOf(threads.isEmpty() ? own : threads);
  }

  /// Returns how often a fork does a workload over.
  int repeatsOf(Workload workload) {
    return workload.need() == Need.MANY_THREADS ? repeats : 1;
  }

  /// Returns who stands in a workload.
  ///
  /// @param workload one of the workloads
  /// @return at least one contender
  public List<Contender> contendersOf(Workload workload) {
    return contenders.stream().filter(c -> c.fills(workload.need())).toList();
  }

  /// Collects settings. Lists that are given replace the defaults. Not thread-safe.
  public static final class Builder {

    private List<Contender> contenders =
        List.of(Contender.parse("fixalloc"), Contender.parse("cached"));
    private List<Contender> optional = List.of();
    private List<Workload> workloads = List.of();
    private List<Integer> threads = List.of();
    private boolean quick;
    // 72 forks of the commit's table at some 4.5 s, and six single shots: six to seven minutes. A
    // recursion of 1024 calls takes about a second to be compiled.
    private int forks = 3;
    private int warmups = 4;
    private int iterations = 5;
    private int iterationMillis = 400;
    private List<Collector> collectors = List.of(Collector.G1);
    private boolean allocationProfile;
    private double scale = 1;
    private int repeats = 1;
    private boolean paired;
    private Optional<Path> out = Optional.empty();

    private Builder() {}

    /// Makes the run short: fewer and shorter iterations, fewer numbers of threads, to see that all
    /// works.
    ///
    /// @return this
    public Builder quick() {
      quick = true;
      warmups = 3;
      iterations = 2;
      iterationMillis = 250;
      return this;
    }

    /// Sets what is compared.
    ///
    /// @param contenders at least one, each once, each of use to a workload
    /// @return this
    public Builder contenders(List<Contender> contenders) {
      return contenders(contenders, List.of());
    }

    /// Sets what is compared.
    ///
    /// @param contenders at least one, each once
    /// @param optional those of them that are left out where no workload is for them
    /// @return this
    Builder contenders(List<Contender> contenders, List<Contender> optional) {
      this.contenders = contenders;
      this.optional = optional;
      return this;
    }

    /// Sets what is done.
    ///
    /// @param workloads at least one
    /// @return this
    public Builder workloads(List<Workload> workloads) {
      this.workloads = workloads;
      return this;
    }

    /// Sets the numbers of threads.
    ///
    /// @param threads each from 1 to [#MAX_THREADS]
    /// @return this
    public Builder threads(List<Integer> threads) {
      this.threads = threads;
      return this;
    }

    /// Sets the number of fresh JVMs.
    ///
    /// @param forks from 1 to [#MAX_FORKS]
    /// @return this
    public Builder forks(int forks) {
      this.forks = forks;
      return this;
    }

    /// Sets the iterations that do not count.
    ///
    /// @param warmups from 0 to [#MAX_ITERATIONS]
    /// @return this
    public Builder warmups(int warmups) {
      this.warmups = warmups;
      return this;
    }

    /// Sets the iterations that count.
    ///
    /// @param iterations from 1 to [#MAX_ITERATIONS]
    /// @return this
    public Builder iterations(int iterations) {
      this.iterations = iterations;
      return this;
    }

    /// Sets the length of an iteration.
    ///
    /// @param millis milliseconds, from 1 to [#MAX_MILLIS]
    /// @return this
    public Builder iterationMillis(int millis) {
      this.iterationMillis = millis;
      return this;
    }

    /// Sets the garbage collectors.
    ///
    /// @param collectors at least one; one that is there again counts once
    /// @return this
    public Builder collectors(List<Collector> collectors) {
      this.collectors = collectors;
      return this;
    }

    /// Sets whether garbage per operation is measured.
    ///
    /// @param profile whether it is
    /// @return this
    public Builder allocationProfile(boolean profile) {
      this.allocationProfile = profile;
      return this;
    }

    /// Sets the share of the work of single shots.
    ///
    /// @param scale above 0, 1 for all of it; options take it from [#MIN_SCALE_PERCENT] to
    ///   [#MAX_SCALE_PERCENT]
    /// @return this
    public Builder scale(double scale) {
      this.scale = scale;
      return this;
    }

    /// Sets how often a JVM does the workloads of coming and going threads over.
    ///
    /// @param repeats at least 1
    /// @return this
    public Builder repeats(int repeats) {
      this.repeats = repeats;
      return this;
    }

    /// Sets whether each contender is measured beside the first one in the same JVM.
    ///
    /// @param paired whether it is
    /// @return this
    public Builder paired(boolean paired) {
      this.paired = paired;
      return this;
    }

    /// Sets where results go.
    ///
    /// @param out a folder, made if it is not there
    /// @return this
    public Builder out(Path out) {
      this.out = Optional.of(out);
      return this;
    }

    /// Makes the settings.
    ///
    /// @return consistent settings
    /// @throws UsageException if a workload has no contender or no number of threads, or is asked
    ///   for in pairs and cannot be, or if a contender is there twice or has no workload
    public Settings build() {
      if (workloads.isEmpty()) {
        workloads =
            Workload.OF_THE_COMMIT.stream().filter(w -> !paired || w.canBePaired()).toList();
      }
      checkContendersDiffer();
      contenders = contenders.stream().filter(c -> !optional.contains(c) || isOfUse(c)).toList();
      Settings settings =
          new Settings(
              ImmutableList.copyOf(contenders),
              ImmutableList.copyOf(workloads),
              ImmutableList.copyOf(threads),
              quick,
              forks,
              warmups,
              iterations,
              iterationMillis,
              // a row that is measured twice would count as more forks of one
              ImmutableSet.copyOf(collectors).asList(),
              allocationProfile,
              scale,
              repeats,
              paired,
              out);
      if (paired) {
        checkPairs();
      }
      checkWorkloads(settings);
      checkContendersAreOfUse();
      return settings;
    }

    private boolean isOfUse(Contender contender) {
      return workloads.stream().anyMatch(workload -> contender.fills(workload.need()));
    }

    private void checkContendersDiffer() {
      Set<Contender> seen = new HashSet<>();
      for (Contender contender : contenders) {
        if (!seen.add(contender)) {
          throw new UsageException(
              ("--allocators: \"%s\" is there twice (must be there once; to see how far it differs"
                      + " from itself, name it first and add --paired)")
                  .formatted(contender.name()));
        }
      }
    }

    private void checkContendersAreOfUse() {
      List<String> idle =
          contenders.stream().filter(c -> !isOfUse(c)).map(Contender::name).toList();
      if (!idle.isEmpty()) {
        throw new UsageException(
            ("--allocators: %s cannot run any of the workloads %s; leave out the one or add to the"
                    + " others (see --list)")
                .formatted(
                    String.join(" ", idle),
                    workloads.stream().map(Workload::key).collect(Collectors.joining(","))));
      }
    }

    private void checkWorkloads(Settings settings) {
      for (Workload workload : workloads) {
        if (settings.contendersOf(workload).isEmpty()) {
          throw new UsageException(
              "--workload: %s: none of the allocators %s can run it; see --list for what each can"
                  .formatted(workload.key(), contenders.stream().map(Contender::name).toList()));
        }
        if (settings.threadsOf(workload).isEmpty()) {
          throw new UsageException(
              ("--threads: %s (%s needs even numbers: its threads come in pairs; add one such as 2,"
                      + " or leave out --workload %2$s)")
                  .formatted(
                      threads.stream().map(String::valueOf).collect(Collectors.joining(",")),
                      workload.key()));
        }
      }
    }

    private void checkPairs() {
      if (allocationProfile) {
        throw new UsageException(
            "--paired: the garbage of two allocators in one JVM cannot be told apart; leave out"
                + " --paired or --prof gc");
      }
      for (Contender contender : contenders) {
        if (contender.handsOutArenas()) {
          throw new UsageException(
              ("--paired: %s: the JDK's code for arenas, which both sides share, would be compiled"
                      + " for both; measure it without --paired")
                  .formatted(contender.name()));
        }
      }
      for (Workload workload : workloads) {
        if (!workload.canBePaired()) {
          List<String> others =
              Workload.all().stream().filter(Workload::canBePaired).map(Workload::key).toList();
          throw new UsageException(
              "--paired: %s cannot be done in turn (these can: %s)"
                  .formatted(workload.key(), String.join(", ", others)));
        }
      }
    }
  }
}
