package io.stackkit.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of a run's results.
class MainTest {

  private static final List<String> SHORT =
      List.of(
          "--workload",
          "pair",
          "--threads",
          "1",
          "--warmups",
          "0",
          "--iterations",
          "1",
          "--millis",
          "20",
          "--forks");

  @TempDir Path folder;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @Test
  void aFolderThatHasResultsIsLeftAlone() throws IOException {
    Path log = Files.writeString(folder.resolve("jmh.log"), "precious");

    assertThat(run("1", folder)).isEqualTo(2);

    assertThat(said.toString(StandardCharsets.UTF_8)).contains("--out: " + folder, "name another");
    assertThat(log).hasContent("precious");
  }

  @Test
  void aFolderThatCannotBeMadeIsAUsageError() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThat(run("1", file)).isEqualTo(2);
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("--out: " + file);
  }

  private int run(String forks, Path out) throws IOException {
    List<String> args = new ArrayList<>(SHORT);
    args.addAll(List.of(forks, "--out", out.toString()));
    PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
    return Main.run(args.toArray(String[]::new), stream, stream);
  }

  /// Ended as by Ctrl-C.
  @Test
  @Timeout(120)
  void aRunThatIsEndedKeepsWhatItHasMeasured() throws Exception {
    Path out = folder.resolve("results");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Djmh.ignoreLock=true", "-Djava.io.tmpdir=" + folder));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(SHORT);
    command.addAll(List.of("100", "--out", out.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> lines = new ArrayList<>();
    try (BufferedReader reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
        // the page is written beside the forks; the first one may take longer than they do
        if (line.startsWith("[") && Files.exists(out.resolve("report.html"))) {
          process.toHandle().destroy(); // and go on reading
        }
      }
    }

    String told = String.join("\n", lines);
    assertThat(process.waitFor()).as(told).isNotZero();
    assertThat(out.resolve("report.txt"))
        .as(told)
        .content()
        .contains("Pair")
        .doesNotContain("Failed");
    assertThat(Arrays.asList(out.toFile().list()))
        .contains("report.html", "environment.json", "jmh.json");
  }
}
