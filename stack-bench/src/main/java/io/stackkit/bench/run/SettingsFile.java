package io.stackkit.bench.run;

import com.google.common.collect.ImmutableSortedSet;
import io.stackkit.api.AllocatorOptions;
import io.stackkit.bench.peer.Contender;
import io.stackkit.bench.peer.Contender.View;
import io.stackkit.bench.peer.Peer;
import io.stackkit.bench.workload.Workload;
import io.stackkit.config.ConfigReader;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads settings from JSON.
///
/// ```json
/// {
///   "allocators": ["fixalloc", {"allocator": "cached", "cacheSize": 64}],
///   "views": ["plain", "local"],
///   "peers": ["netty-pooled"],
///   "workloads": ["pair", "burst"],
///   "threads": [1, 2, 8],
///   "gc": ["G1"],
///   "forks": 3, "warmups": 3, "iterations": 5, "millis": 400,
///   "profileGarbage": true, "paired": false,
///   "scalePercent": 100, "repeats": 1,
///   "out": "results/mine"
/// }
/// ```
final class SettingsFile {

  private static final String VIEWS = "views";
  private static final String ALLOCATORS = "allocators";

  /// In any case, as on the command line.
  private static final Collection<String> COLLECTORS =
      ImmutableSortedSet.copyOf(String.CASE_INSENSITIVE_ORDER, Collector.names());

  private SettingsFile() {}

  /// Adds what a file says to settings.
  ///
  /// @throws io.stackkit.config.StackConfigException if the file cannot be read or anything in it
  ///   is wrong; the message lists everything with line and column
  static void read(Path file, Settings.Builder settings) {
    ConfigReader.<Settings.Builder>load(file, in -> read(in, settings));
  }

  static Settings.Builder read(ConfigReader in, Settings.Builder settings) {
    List<Contender> contenders = contenders(in);
    if (!contenders.isEmpty()) {
      settings.contenders(contenders);
    }
    List<String> workloads = in.choices("workloads", Workload.names(), List.of());
    if (!workloads.isEmpty()) {
      settings.workloads(
          workloads.stream().flatMap(name -> Workload.named(name).stream()).distinct().toList());
    }
    List<Long> threads = in.numbers("threads", 1, Settings.MAX_THREADS, List.of());
    if (!threads.isEmpty()) {
      settings.threads(threads.stream().map(Math::toIntExact).distinct().toList());
    }
    List<String> collectors = in.choices("gc", COLLECTORS, List.of());
    if (!collectors.isEmpty()) {
      settings.collectors(
          collectors.stream().map(name -> Collector.named(name).orElseThrow()).toList());
    }
    numbers(in, settings);
    return settings;
  }

  private static void numbers(ConfigReader in, Settings.Builder settings) {
    number(in, "forks", 1, Settings.MAX_FORKS, settings::forks);
    number(in, "warmups", 0, Settings.MAX_ITERATIONS, settings::warmups);
    number(in, "iterations", 1, Settings.MAX_ITERATIONS, settings::iterations);
    number(in, "millis", 1, Settings.MAX_MILLIS, settings::iterationMillis);
    number(
        in,
        "scalePercent",
        Settings.MIN_SCALE_PERCENT,
        Settings.MAX_SCALE_PERCENT,
        percent -> settings.scale(percent / 100.0));
    number(in, "repeats", 1, Settings.MAX_REPEATS, settings::repeats);
    if (in.flag("profileGarbage", false)) {
      settings.allocationProfile(true);
    }
    if (in.flag("paired", false)) {
      settings.paired(true);
    }
    if (in.has("out")) {
      out(in, settings);
    }
  }

  private static void out(ConfigReader in, Settings.Builder settings) {
    String out = in.text("out", "results");
    try {
      settings.out(Path.of(out));
    } catch (InvalidPathException e) {
      in.problem("out", Arguments.notAPath(out, e));
    }
  }

  private static void number(
      ConfigReader in, String key, int min, int max, java.util.function.IntConsumer setter) {
    if (in.has(key)) {
      setter.accept(Math.toIntExact(in.number(key, min, max, min)));
    }
  }

  private static List<Contender> contenders(ConfigReader in) {
    List<String> views =
        in.choices(
            VIEWS,
            Arrays.stream(View.values()).filter(v -> v != View.NONE).map(View::key).toList(),
            List.of(View.PLAIN.key()));
    List<Contender> contenders = new ArrayList<>();
    for (AllocatorOptions options : in.allocators(ALLOCATORS, List.of())) {
      for (String view : views) {
        try {
          contenders.add(Contender.parse(View.named(view).prefix() + options.toSpec()));
        } catch (IllegalArgumentException e) {
          in.problem(ALLOCATORS, String.valueOf(e.getMessage()));
        }
      }
    }
    for (String peer :
        in.choices("peers", Arrays.stream(Peer.values()).map(Peer::spec).toList(), List.of())) {
      contenders.add(Contender.parse(peer));
    }
    Set<Contender> seen = new HashSet<>();
    contenders.stream()
        .filter(contender -> !seen.add(contender))
        .forEach(
            contender ->
                in.problem(
                    in.has(ALLOCATORS) ? ALLOCATORS : "peers",
                    "\"" + contender.name() + "\" is there twice (must be there once)"));
    return contenders;
  }
}
