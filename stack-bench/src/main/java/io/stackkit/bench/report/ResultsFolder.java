package io.stackkit.bench.report;

import io.stackkit.bench.run.Settings;
import io.stackkit.bench.run.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;

/// The folder that keeps a run: `report.txt`, `report.html`, `jmh.json` (all of JMH's figures),
/// `environment.json`, and `jmh.log` (all of JMH's output).
public final class ResultsFolder {

  private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private static final String LOG = "jmh.log";

  private final Path folder;

  private ResultsFolder(Path folder) {
    this.folder = folder;
  }

  /// Makes the folder.
  ///
  /// @param settings where it is to be
  /// @return the folder
  /// @throws UsageException if it cannot be made or written to, or has results already
  public static ResultsFolder create(Settings settings) {
    Path folder =
        settings
            .out()
            .orElse(Path.of("results", LocalDateTime.now(ZoneId.systemDefault()).format(NAME)));
    if (Files.exists(folder.resolve(LOG))) {
      throw new UsageException(
          "--out: %s has results already (must be a new folder; name another, or remove it)"
              .formatted(folder));
    }
    try {
      Files.createDirectories(folder);
      Files.createFile(folder.resolve(LOG));
    } catch (IOException e) {
      throw new UsageException(
          "--out: %s cannot be made or written to (%s); name another folder".formatted(folder, e));
    }
    return new ResultsFolder(folder);
  }

  /// Returns the file that JMH's output is added to.
  ///
  /// @return the file
  public Path log() {
    return folder.resolve(LOG);
  }

  /// Writes everything but the log, in place of what was written before.
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
    // a run may be ended at any moment, and is to keep the last whole one
    Path whole = folder.resolve(name);
    Path written = Files.writeString(folder.resolve(name + ".part"), text);
    Files.move(written, whole, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
