package io.stackkit.bench.report;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableMap;
import com.sun.management.OperatingSystemMXBean;
import io.stackkit.bench.run.ForkRunner;
import io.stackkit.bench.run.Settings;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Where and with what a run was made: without it figures mean nothing.
///
/// @param facts by name, in the order of reports
public record Environment(ImmutableMap<String, String> facts) {

  /// The system property that names the folder of the project, for its revision.
  private static final String HOME = "io.stackkit.bench.home";

  private static final String UNKNOWN = "unknown";

  /// Finds out.
  ///
  /// @param settings what is run
  /// @param args the command line
  /// @return the environment now
  public static Environment here(Settings settings, List<String> args) {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    ImmutableMap.Builder<String, String> facts = ImmutableMap.builder();
    facts.put(
        "date",
        ZonedDateTime.now(ZoneId.systemDefault())
            .truncatedTo(ChronoUnit.SECONDS)
            .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME));
    facts.put("cpu", cpu());
    facts.put("processors", Integer.toString(system.getAvailableProcessors()));
    facts.put("memory", (system.getTotalMemorySize() >> 20) + " MiB");
    facts.put("load before", String.format(Locale.ROOT, "%.2f", system.getSystemLoadAverage()));
    facts.put(
        "system",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    facts.put(
        "jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    facts.put("revision", revision());
    facts.put("command", Joiner.on(' ').join(args));
    facts.put("options of forks", Joiner.on(' ').join(ForkRunner.JVM_ARGS));
    facts.put("collectors", Joiner.on(", ").join(settings.collectors()));
    facts.put(
        "allocators",
        Joiner.on("; ").join(settings.contenders().stream().map(c -> c.name()).toList()));
    facts.put(
        "workloads",
        Joiner.on(", ").join(settings.workloads().stream().map(w -> w.key()).toList()));
    facts.put("forks", Integer.toString(settings.forks()));
    facts.put(
        "iterations",
        "%d + %d of %d ms"
            .formatted(settings.warmups(), settings.iterations(), settings.iterationMillis()));
    facts.put("repetitions", Integer.toString(settings.repeats()));
    facts.put("scale of single shots", Double.toString(settings.scale()));
    return new Environment(facts.buildOrThrow());
  }

  /// Says the most important in a line.
  ///
  /// @return such as `AMD EPYC, 2 processors, 16384 MiB; OpenJDK ...; 2025-10-01T10:00:00Z`
  public String summary() {
    return "%s, %s processors, %s; %s; %s; %s"
        .formatted(
            fact("cpu"),
            fact("processors"),
            fact("memory"),
            fact("system"),
            fact("jvm"),
            fact("date"));
  }

  private String fact(String name) {
    return facts.getOrDefault(name, "?");
  }

  /// Writes the facts as a JSON object.
  ///
  /// @return JSON of several lines
  public String toJson() {
    return facts.entrySet().stream()
        .map(fact -> "  " + quote(fact.getKey()) + ": " + quote(fact.getValue()))
        .collect(Collectors.joining(",\n", "{\n", "\n}\n"));
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
              } else if (c < ' ') {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", c));
              } else {
                quoted.append((char) c);
              }
            });
    return quoted.append('"').toString();
  }

  private static String cpu() {
    try {
      Path file = Path.of("/proc/cpuinfo");
      if (Files.exists(file)) {
        for (String line : Files.readAllLines(file)) {
          if (line.startsWith("model name")) {
            return line.substring(line.indexOf(':') + 1).strip();
          }
        }
      }
    } catch (IOException e) {
      // Not told.
    }
    return output("sysctl", "-n", "machdep.cpu.brand_string");
  }

  private static String revision() {
    String revision = output("git", "rev-parse", "--short=12", "HEAD");
    String changes = output("git", "status", "--porcelain", "--untracked-files=no");
    return changes.isEmpty() || revision.equals(UNKNOWN) ? revision : revision + " with changes";
  }

  private static String output(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(new File(System.getProperty(HOME, ".")))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (var out = process.getInputStream()) {
        String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0
            ? text.strip()
            : UNKNOWN;
      }
    } catch (IOException e) {
      return UNKNOWN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return UNKNOWN;
    }
  }
}
