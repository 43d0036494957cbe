package io.stackkit.bench.workload;

import com.google.common.base.CharMatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The process's memory as Linux tells it in `/proc/self/status`.
final class Resident {

  private static final Path STATUS = Path.of("/proc/self/status");

  private Resident() {}

  /// Returns what is resident now, in bytes, or -1 where the system does not tell.
  static long now() {
    return read("VmRSS:");
  }

  /// Returns the most that ever was, in bytes, or -1 where the system does not tell.
  static long peak() {
    return read("VmHWM:");
  }

  private static long read(String field) {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(field)) {
          // Such as "VmRSS:     1234 kB"; the unit is always that.
          return Long.parseLong(CharMatcher.inRange('0', '9').retainFrom(line)) << 10;
        }
      }
      return -1;
    } catch (IOException e) {
      return -1;
    }
  }
}
