package io.stackkit.bench.report;

import io.stackkit.bench.run.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;

/// The folder that keeps a run: `report.txt`, `report.html`, `jmh.json` (all of JMH's figures),
/// `environment.json`, and `jmh.log` (all of JMH's output).
public final class ResultsFolder {

  private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private final Path folder;

  private ResultsFolder(Path folder) {
    this.folder = folder;
  }

  /// Makes the folder.
  ///
  /// @param settings where it is to be
  /// @return the folder
  /// @throws IOException if it cannot be made
  public static ResultsFolder create(Settings settings) throws IOException {
    Path folder =
        settings
            .out()
            .orElse(Path.of("results", LocalDateTime.now(ZoneId.systemDefault()).format(NAME)));
    return new ResultsFolder(Files.createDirectories(folder));
  }

  /// Returns the file that JMH's output is added to.
  ///
  /// @return the file
  public Path log() {
    return folder.resolve("jmh.log");
  }

  /// Writes everything but the log.
  ///
  /// @param results what came of the run
  /// @param environment where it ran
  /// @throws IOException if a file cannot be written
  public void write(Results results, Environment environment) throws IOException {
    write("report.txt", TextReport.of(results, environment));
    write("report.html", HtmlReport.of(results, environment));
    write("environment.json", environment.toJson());
    try (PrintStream out =
        new PrintStream(
            Files.newOutputStream(folder.resolve("jmh.json")), false, StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results.raw());
    }
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
