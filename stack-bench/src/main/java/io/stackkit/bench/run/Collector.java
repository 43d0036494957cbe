package io.stackkit.bench.run;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The garbage collectors that a fork can be started with.
public enum Collector {
  /// The JVM's usual one.
  G1("G1", "-XX:+UseG1GC"),
  /// One thread, all stopped.
  SERIAL("Serial", "-XX:+UseSerialGC"),
  /// Several threads, all stopped.
  PARALLEL("Parallel", "-XX:+UseParallelGC"),
  /// Beside the program.
  Z("Z", "-XX:+UseZGC"),
  /// Beside the program, another one; not in every JDK.
  SHENANDOAH("Shenandoah", "-XX:+UseShenandoahGC");

  private final String title;
  private final String flag;

  Collector(String title, String flag) {
    this.title = title;
    this.flag = flag;
  }

  static Optional<Collector> named(String name) {
    return Arrays.stream(values())
        .filter(c -> c.title.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  /// Returns the names of all.
  ///
  /// @return such as `G1`
  public static List<String> names() {
    return Arrays.stream(values()).map(Collector::title).toList();
  }

  /// Returns its name.
  ///
  /// @return such as `G1`
  public String title() {
    return title;
  }

  String flag() {
    return flag;
  }
}
