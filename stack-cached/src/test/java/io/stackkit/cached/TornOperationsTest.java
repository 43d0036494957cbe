package io.stackkit.cached;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.StackAllocator;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A `StackOverflowError` in the middle of an operation loses nothing and hands nothing out twice.
class TornOperationsTest {

  private static final String SMALL = "cached,largeCacheBytes=0,segmentSize=1k,";

  private static final List<String> OPTIONS =
      List.of(
          SMALL + "cacheSize=1,batchSize=1,adaptive=0",
          SMALL + "cacheSize=3,batchSize=2,adaptive=0",
          SMALL + "cacheSize=3,batchSize=2,adaptive=100",
          SMALL + "cacheSize=1,batchSize=1,adaptive=100",
          SMALL + "cacheSize=4,batchSize=2,maxBytes=64m",
          SMALL + "cacheSize=8,batchSize=2",
          SMALL + "cacheSize=3,batchSize=2,zeroing=on-allocate",
          SMALL + "cacheSize=7,batchSize=7,adaptive=25");

  @Test
  void loseNothing() throws InterruptedException {
    for (String options : OPTIONS) {
      assertThat(Torn.run(options, 1)).as("torn operations").isPositive();
    }
  }

  /// Every call is one there, and has a frame of its own.
  @Test
  void loseNothingWhenInterpreted() throws IOException, InterruptedException {
    loseNothingInAnotherJvm("-Xint", 10);
  }

  /// Frames have other sizes there.
  @ParameterizedTest
  @Tag("wide")
  @ValueSource(
      strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:-Inline", "-XX:-TieredCompilation"})
  void loseNothingInOtherModes(String flag) throws IOException, InterruptedException {
    loseNothingInAnotherJvm(flag, 40);
  }

  private static void loseNothingInAnotherJvm(String flag, int rounds)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(flag);
    command.add("-cp");
    command.add(
        location(StackAllocator.class)
            + File.pathSeparator
            + location(CachedAllocator.class)
            + File.pathSeparator
            + location(Torn.class));
    command.add(Torn.class.getName());
    command.add(String.valueOf(rounds));
    command.addAll(OPTIONS);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.lines()).hasSize(OPTIONS.size()).noneMatch(line -> line.contains(": 0 "));
  }

  /// The folder or jar that a class comes from, in a patched module, too.
  private static String location(Class<?> type) {
    String file = "/" + type.getName().replace('.', '/') + ".class";
    String url = String.valueOf(type.getResource(file));
    String root = url.substring(0, url.length() - file.length());
    if (root.startsWith("jar:")) {
      root = root.substring("jar:".length(), root.length() - "!".length());
    }
    return Path.of(URI.create(root)).toString();
  }
}
