package io.stackkit.bench.workload;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/// What a measurement tells beside its time. The JVM that measures writes it to the file that the
/// system property [#PROPERTY] names; the JVM that reports reads it.
///
/// Every figure is -1 where it is not known.
///
/// @param sysBytes bytes obtained from the system at the end
/// @param firstSysBytes the same after the first of several repetitions
/// @param peakInUseBytes the most bytes that were in use at once
/// @param residentBytes growth of the process's resident memory: its peak less what it was before
/// @param machines number of Ms at the end
/// @param times time over that of another contender in the same JVM
public record Figures(
    long sysBytes,
    long firstSysBytes,
    long peakInUseBytes,
    long residentBytes,
    long machines,
    double times) {

  /// Nothing is known.
  public static final Figures UNKNOWN = new Figures(-1, -1, -1, -1, -1, -1);

  /// What an allocator has at the end of a measurement of time.
  ///
  /// @param sysBytes bytes obtained from the system
  /// @param machines number of Ms
  /// @return figures
  static Figures atTheEnd(long sysBytes, long machines) {
    return new Figures(sysBytes, -1, -1, -1, machines, -1);
  }

  /// Adds a comparison.
  ///
  /// @param ratio time over that of another contender
  /// @return figures
  Figures withTimes(double ratio) {
    return new Figures(sysBytes, firstSysBytes, peakInUseBytes, residentBytes, machines, ratio);
  }

  /// The system property that names the file.
  public static final String PROPERTY = "io.stackkit.bench.figures";

  /// Writes the figures if this JVM was told where to.
  void publish() {
    String file = System.getProperty(PROPERTY);
    if (file == null) {
      return;
    }
    Properties properties = new Properties();
    properties.setProperty("sysBytes", Long.toString(sysBytes));
    properties.setProperty("firstSysBytes", Long.toString(firstSysBytes));
    properties.setProperty("peakInUseBytes", Long.toString(peakInUseBytes));
    properties.setProperty("residentBytes", Long.toString(residentBytes));
    properties.setProperty("machines", Long.toString(machines));
    properties.setProperty("times", Double.toString(times));
    try (Writer writer = Files.newBufferedWriter(Path.of(file), StandardCharsets.UTF_8)) {
      properties.store(writer, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads figures that another JVM wrote.
  ///
  /// @param file where it was told to write them
  /// @return the figures, [#UNKNOWN] if it wrote none
  /// @throws IOException if the file cannot be read
  public static Figures read(Path file) throws IOException {
    if (!Files.exists(file) || Files.size(file) == 0) {
      return UNKNOWN;
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    }
    return new Figures(
        number(properties, "sysBytes"),
        number(properties, "firstSysBytes"),
        number(properties, "peakInUseBytes"),
        number(properties, "residentBytes"),
        number(properties, "machines"),
        Double.parseDouble(properties.getProperty("times", "-1")));
  }

  private static long number(Properties properties, String name) {
    return Long.parseLong(properties.getProperty(name, "-1"));
  }
}
