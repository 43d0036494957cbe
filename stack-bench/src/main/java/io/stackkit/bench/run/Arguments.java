package io.stackkit.bench.run;

import com.google.common.base.Splitter;
import io.stackkit.bench.peer.Contender;
import io.stackkit.bench.peer.Need;
import io.stackkit.bench.peer.Peer;
import io.stackkit.bench.workload.Workload;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads the command line.
public final class Arguments {

  /// What `--help` prints.
  public static final String USAGE =
      """
      usage: bench [options]

      Without options: the Go commit's three workloads, the old design (fixalloc) against the
      new one (cached), and its table. Takes some seven minutes on two cores.

        --quick               fewer threads, shorter iterations: under two minutes
        --workload A,B        workloads or groups of them (see --list)
        --allocators A B ...  what is compared, each a word of its own: spec strings such as
                              "cached,cacheSize=64", local:SPEC, arena:SPEC, dirty:SPEC (arenas that
                              are not zeroed), names of peers, or "all" that can run any
                              of the workloads; the first is what the others are compared
                              with
        --threads 1,2,8       numbers of threads
        --forks N             fresh JVMs per row (± needs three at least)
        --warmups N           iterations before those that count
        --iterations N        iterations that count
        --millis N            length of an iteration; with --paired each side runs iterations x
                              millis, and one round of turns at least
        --gc G1,Serial,...    garbage collectors: G1, Serial, Parallel, Z, Shenandoah
        --paired              each allocator beside the first one in the same JVM, in turn: its
                              time over the first one's, with small errors (the first one stands
                              beside itself, too, which shows how small)
        --prof gc             measure garbage per operation, too
        --scale X             share of the work of the workloads that measure memory, 0.01 at least
        --repeat N            do churn and virtual N times over in each JVM, to see whether memory grows
        --config FILE         read all this from a JSON file; options here overrule it
        --out DIR             where results go (./results/<date and time>)
        --list                print workloads and allocators
        --help                print this
      """;

  private static final String ALL = "all";

  private final List<String> words;
  private final Settings.Builder settings = Settings.builder();
  private int next;

  private Arguments(List<String> words) {
    this.words = words;
  }

  /// Reads a command line that is not `--help` or `--list`.
  ///
  /// @param args the words
  /// @return settings
  /// @throws UsageException if anything is wrong
  public static Settings parse(String... args) {
    return new Arguments(Arrays.asList(args)).parse();
  }

  private Settings parse() {
    checkOnce();
    // In this order, wherever they stand: what is asked for in particular comes last.
    if (words.contains("--quick")) {
      settings.quick();
    }
    int config = words.indexOf("--config");
    if (config >= 0) {
      next = config + 1;
      SettingsFile.read(path("--config"), settings);
    }
    next = 0;
    while (next < words.size()) {
      option(words.get(next++));
    }
    Settings built = settings.build();
    checkUsed(built);
    return built;
  }

  private void checkOnce() {
    Set<String> seen = new HashSet<>();
    for (String word : words) {
      if (word.startsWith("--") && !seen.add(word)) {
        throw new UsageException(
            word + ": is there twice (must be there once; leave out all but one)");
      }
    }
  }

  private static void checkUsed(Settings settings) {
    List<Workload> workloads = settings.workloads();
    if (settings.repeats() != 1
        && workloads.stream().noneMatch(workload -> workload.need() == Need.MANY_THREADS)) {
      throw unused("--repeat", Integer.toString(settings.repeats()), "churn or virtual", workloads);
    }
    if (settings.scale() != 1 && workloads.stream().noneMatch(Workload::isSingleShot)) {
      throw unused(
          "--scale", Double.toString(settings.scale()), "stackmem, churn or virtual", workloads);
    }
  }

  private static UsageException unused(
      String name, String value, String users, List<Workload> workloads) {
    return new UsageException(
        "%s: %s has no effect on the workloads %s (must be 1, or add %s to --workload)"
            .formatted(
                name,
                value,
                workloads.stream().map(Workload::key).collect(Collectors.joining(",")),
                users));
  }

  private void option(String name) {
    switch (name) {
      case "--quick" -> {}
      case "--paired" -> settings.paired(true);
      case "--config" -> value(name);
      case "--workload" -> settings.workloads(workloads(list(name)));
      case "--allocators" -> contenders();
      case "--threads" -> settings.threads(numbers(name, 1, Settings.MAX_THREADS));
      case "--forks" -> settings.forks(number(name, value(name), 1, Settings.MAX_FORKS));
      case "--warmups" -> settings.warmups(number(name, value(name), 0, Settings.MAX_ITERATIONS));
      case "--iterations" ->
          settings.iterations(number(name, value(name), 1, Settings.MAX_ITERATIONS));
      case "--millis" ->
          settings.iterationMillis(number(name, value(name), 1, Settings.MAX_MILLIS));
      case "--gc" -> settings.collectors(list(name).stream().map(Arguments::collector).toList());
      case "--prof" -> settings.allocationProfile(profile(value(name)));
      case "--scale" -> settings.scale(scale(value(name)));
      case "--repeat" -> settings.repeats(number(name, value(name), 1, Settings.MAX_REPEATS));
      case "--out" -> settings.out(path(name));
      default -> throw new UsageException(name + ": no such option (see --help)");
    }
  }

  private String value(String name) {
    if (next >= words.size() || words.get(next).startsWith("--")) {
      throw new UsageException(name + ": needs a value (see --help)");
    }
    String value = words.get(next++);
    if (value.isBlank()) {
      throw new UsageException(
          name + ": \"" + value + "\" (must not be blank; give a value or leave out " + name + ")");
    }
    return value;
  }

  private Path path(String name) {
    String value = value(name);
    try {
      return Path.of(value);
    } catch (InvalidPathException e) {
      throw new UsageException(name + ": " + notAPath(value, e));
    }
  }

  /// Says what is wrong with a path, in a line that any terminal can show.
  static String notAPath(String path, InvalidPathException e) {
    return "\"%s\" (must be a path: %s)"
        .formatted(path.replaceAll("\\p{Cntrl}", "?"), e.getReason());
  }

  private List<String> list(String name) {
    return Splitter.on(',').trimResults().splitToList(value(name));
  }

  private void contenders() {
    List<String> specs = new ArrayList<>();
    do {
      specs.add(value("--allocators"));
    } while (next < words.size() && !words.get(next).startsWith("--"));
    // who is named beside "all" stands where it is named, such as first
    List<Contender> others =
        Peer.everyone().stream().filter(contender -> !specs.contains(contender.name())).toList();
    settings.contenders(
        specs.stream()
            .flatMap(spec -> spec.equals(ALL) ? others.stream() : Stream.of(contender(spec)))
            .toList(),
        others);
  }

  private static Contender contender(String spec) {
    try {
      return Contender.parse(spec);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--allocators: \"" + spec + "\": " + e.getMessage());
    }
  }

  private static List<Workload> workloads(List<String> names) {
    Set<Workload> workloads = new LinkedHashSet<>();
    for (String name : names) {
      Set<Workload> named = Workload.named(name);
      if (named.isEmpty()) {
        throw new UsageException(
            "--workload: \"%s\": no such workload (there are: %s)"
                .formatted(name, String.join(", ", Workload.names())));
      }
      workloads.addAll(named);
    }
    return List.copyOf(workloads);
  }

  private List<Integer> numbers(String name, int min, int max) {
    return list(name).stream().map(text -> number(name, text, min, max)).distinct().toList();
  }

  private static int number(String name, String text, int min, int max) {
    Optional<Integer> number =
        text.matches("\\d{1,9}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
    return number
        .filter(n -> n >= min && n <= max)
        .orElseThrow(
            () ->
                new UsageException(
                    "%s: \"%s\" (must be a whole number from %d to %d)"
                        .formatted(name, text, min, max)));
  }

  private static Collector collector(String name) {
    return Collector.named(name)
        .orElseThrow(
            () ->
                new UsageException(
                    "--gc: \"%s\" (must be one of %s)"
                        .formatted(name, String.join(", ", Collector.names()))));
  }

  private static boolean profile(String name) {
    if (!name.equals("gc")) {
      throw new UsageException("--prof: \"" + name + "\" (must be gc)");
    }
    return true;
  }

  private static double scale(String text) {
    double min = Settings.MIN_SCALE_PERCENT / 100.0;
    int max = Settings.MAX_SCALE_PERCENT / 100;
    try {
      double scale = Double.parseDouble(text);
      if (scale >= min && scale <= max) {
        return scale;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new UsageException(
        "--scale: \"%s\" (must be a number from %s to %d)".formatted(text, min, max));
  }
}
