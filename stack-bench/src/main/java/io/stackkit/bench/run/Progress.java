package io.stackkit.bench.run;

import com.google.common.base.Stopwatch;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// Prints a line for every fork: which of how many, what came of it, and how long the rest will
/// take.
public final class Progress {

  /// From experience: starting a JVM and JMH in it.
  private static final double START_SECONDS = 0.9;

  /// From experience: a workload that measures memory.
  private static final double SHOT_SECONDS = 2;

  private final PrintStream out;
  private final Settings settings;
  private final List<Step> steps;
  private final Stopwatch watch = Stopwatch.createStarted();
  private double expectedDone;
  private int done;

  /// Starts the clock.
  ///
  /// @param out where lines go
  /// @param settings what is run
  /// @param steps all forks
  public Progress(PrintStream out, Settings settings, List<Step> steps) {
    this.out = out;
    this.settings = settings;
    this.steps = steps;
  }

  /// Says what is to come.
  public void begin() {
    out.printf(
        Locale.ROOT,
        "%d forks, about %s%n",
        steps.size(),
        clock(Math.round(steps.stream().mapToDouble(this::expected).sum())));
  }

  private double expected(Step step) {
    return expected(settings, step);
  }

  /// Returns how long a fork will take on a machine that has time for it, in seconds.
  static double expected(Settings settings, Step step) {
    if (step.row().workload().isSingleShot()) {
      return START_SECONDS
          + SHOT_SECONDS * settings.scale() * settings.repeatsOf(step.row().workload());
    }
    int sides = step.row().paired() ? 2 : 1;
    int iterations = sides * (settings.warmups() + settings.iterations());
    return START_SECONDS + iterations * settings.iterationMillis() / 1000.0;
  }

  /// Tells of a fork that has come to its end.
  ///
  /// @param outcome what came of it
  public void add(Outcome outcome) {
    Step step = outcome.step();
    done++;
    expectedDone += expected(step);
    double elapsed = watch.elapsed().toMillis() / 1000.0;
    double left = steps.stream().skip(done).mapToDouble(this::expected).sum();
    out.printf(
        Locale.ROOT,
        "[%3d/%d] %-20s %-24s fork %d/%d  %s  (%s left)%n",
        done,
        steps.size(),
        step.row().label()
            + (settings.collectors().size() > 1 ? " " + step.row().collector().title() : ""),
        step.contender().name(),
        step.fork(),
        settings.forks(),
        said(outcome),
        clock(Math.round(left * elapsed / expectedDone)));
    out.flush();
  }

  private static String said(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Measured measured ->
          String.format(
              Locale.ROOT, "%12.4g %s", measured.time(), measured.step().row().unit().symbol());
      case Outcome.Failed failed -> "FAILED: " + failed.reason();
    };
  }

  /// Returns what has passed since the start.
  ///
  /// @return such as `6:31`
  public String elapsed() {
    return clock(watch.elapsed().toSeconds());
  }

  static String clock(long seconds) {
    Duration time = Duration.ofSeconds(seconds);
    return String.format(Locale.ROOT, "%d:%02d", time.toMinutes(), time.toSecondsPart());
  }
}
