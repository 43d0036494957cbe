package io.stackkit.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.bench.workload.Workload;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProgressTest {

  @Test
  void tellsWhichOfHowManyAndWhatCameOfIt() {
    Settings settings = Arguments.parse("--workload", "pair", "--threads", "2", "--forks", "1");
    List<Step> steps = Plan.of(settings);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Progress progress =
        new Progress(new PrintStream(bytes, true, StandardCharsets.UTF_8), settings, steps);

    progress.begin();
    progress.add(new Outcome.Failed(steps.get(0), "no memory"));

    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .startsWith("2 forks, about 0:0")
        .containsPattern(
            "\\[ +1/2] Pair-2 +fixalloc +fork 1/1 +FAILED: no memory +\\(0:0\\d left\\)");
  }

  @Test
  void expectsRepetitionsWhereThereAreAny() {
    String[] words = {"--workload", "stackmem,virtual", "--allocators", "cached", "--forks", "1"};
    Settings once = Arguments.parse(words);
    Settings often =
        Arguments.parse(
            Stream.concat(Stream.of(words), Stream.of("--repeat", "10")).toArray(String[]::new));

    assertThat(seconds(often, Workload.STACKMEM)).isEqualTo(seconds(once, Workload.STACKMEM));
    assertThat(seconds(often, Workload.VIRTUAL)).isGreaterThan(5 * seconds(once, Workload.VIRTUAL));
  }

  private static double seconds(Settings settings, Workload workload) {
    return Plan.of(settings).stream()
        .filter(step -> step.row().workload() == workload)
        .mapToDouble(step -> Progress.expected(settings, step))
        .sum();
  }

  @Test
  void writesTimesAsAClockDoes() {
    assertThat(Progress.clock(0)).isEqualTo("0:00");
    assertThat(Progress.clock(391)).isEqualTo("6:31");
    assertThat(Progress.clock(3725)).isEqualTo("62:05");
  }
}
