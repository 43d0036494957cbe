package io.stackkit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.stackkit.api.AllocatorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {

  private static final List<String> WORKLOADS = List.of("growth", "deep", "memory");

  private record Run(
      List<AllocatorOptions> allocators,
      List<Long> threads,
      List<String> workloads,
      String mode,
      String out,
      long forks,
      boolean quick) {

    static final Run DEFAULT =
        new Run(
            List.of(AllocatorOptions.defaults()), List.of(1L), WORKLOADS, "time", "-", 3, false);

    Run(ConfigReader in) {
      this(
          in.allocators("allocators", DEFAULT.allocators),
          in.numbers("threads", 1, 64, DEFAULT.threads),
          in.choices("workloads", WORKLOADS, DEFAULT.workloads),
          in.choice("mode", List.of("time", "memory"), DEFAULT.mode),
          in.text("out", DEFAULT.out),
          in.number("forks", 1, 10, DEFAULT.forks),
          in.flag("quick", DEFAULT.quick));
      if (forks > 1 && quick && in.has("forks")) {
        in.problem("forks", forks + " (must be 1 with quick)");
      }
    }
  }

  private static StackConfigException failure(String json) {
    return catchThrowableOfType(
        StackConfigException.class, () -> ConfigReader.parse(json, Run::new));
  }

  @Test
  void readsEveryKindOfValue(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("run.json"),
            """
            {
              // the old design and the new
              "allocators": ["fixalloc", "cached,cacheSize=64", {"allocator": "cached", "segmentSize": "8k"}, {}],
              "threads": [1, 64],
              "workloads": ["deep"],
              "mode": "memory",
              "out": "results.json",
              "forks": 1,
              "quick": true
            }
            """);

    Run run = ConfigReader.load(file, Run::new);

    assertThat(run)
        .isEqualTo(
            new Run(
                List.of(
                    AllocatorOptions.parse("fixalloc"),
                    AllocatorOptions.parse("cached,cacheSize=64"),
                    AllocatorOptions.parse("cached,segmentSize=8k"),
                    AllocatorOptions.defaults()),
                List.of(1L, 64L),
                List.of("deep"),
                "memory",
                "results.json",
                1,
                true));
  }

  @Test
  void hasDefaultsForWhatIsLeftOut() {
    Run run = ConfigReader.parse("{}", Run::new);

    assertThat(run).isEqualTo(Run.DEFAULT);
  }

  @Test
  void tellsEverythingAtOnce() {
    String json =
        """
        {
          "allocators": ["cached,batchSize=33", {"cacheSiz": 1, "shards": -1}, 7],
          "threads": [0, "8", 65],
          "workloads": ["deap", 1],
          "mode": 1,
          "out": " ",
          "forks": 1.0,
          "quick": "yes",
          "quick": true,
          "thread": 8
        }
        """;

    assertThat(failure(json))
        .hasMessage(
            """
            config:2:18: allocators[0]: batchSize: 33 (must be <= cacheSize: 32)
            config:2:42: allocators[1].cacheSiz: no such option (did you mean cacheSize?)
            config:2:67: allocators[1].shards: -1 (must be from 0 to 1024)
            config:2:72: allocators[2]: 7 (must be an object or a string such as "cached,cacheSize=64")
            config:3:15: threads[0]: 0 (must be a whole number from 1 to 64)
            config:3:18: threads[1]: "8" (must be a whole number from 1 to 64)
            config:3:23: threads[2]: 65 (must be a whole number from 1 to 64)
            config:4:17: workloads[0]: "deap" (must be one of "growth", "deep", "memory"; did you mean deep?)
            config:4:25: workloads[1]: 1 (must be one of "growth", "deep", "memory")
            config:5:11: mode: 1 (must be one of "time", "memory")
            config:6:10: out: " " (must be a string that is not blank)
            config:7:12: forks: 1.0 (must be a whole number from 1 to 10)
            config:8:12: quick: "yes" (must be true or false)
            config:9:3: quick: given twice (first in line 8)
            config:10:3: thread: no such key (did you mean threads?)\
            """);
  }

  @Test
  void wantsListsThatAreNotEmpty() {
    assertThat(failure("{\"threads\": 8, \"workloads\": [], \"allocators\": null}"))
        .hasMessage(
            """
            config:1:13: threads: 8 (must be a list of at least one value)
            config:1:29: workloads: a list (must be a list of at least one value)
            config:1:47: allocators: null (must be a list of at least one value)\
            """);
  }

  @Test
  void reportsWhatTheCallerFinds() {
    assertThat(failure("{\"quick\": true,\n \"forks\": 2}"))
        .hasMessage("config:2:11: forks: 2 (must be 1 with quick)");
  }

  @Test
  void throwsWhatTheCallerThrowsUnlessAProblemExplainsIt() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                ConfigReader.parse(
                    "{}",
                    in -> {
                      throw new IllegalStateException("mine");
                    }))
        .withMessage("mine");
    assertThatThrownBy(
            () ->
                ConfigReader.parse(
                    "{\"n\": 0, \"later\": 1}",
                    in -> {
                      throw new IllegalStateException("n: " + in.number("n", 1, 2, -1));
                    }))
        .hasMessage("config:1:7: n: 0 (must be a whole number from 1 to 2)")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
  }

  @Test
  void doesNotAskWhatIsNotJson() {
    assertThatThrownBy(
            () ->
                ConfigReader.parse(
                    "{\"n\": 1,}",
                    in -> {
                      throw new AssertionError();
                    }))
        .isInstanceOf(StackConfigException.class)
        .hasMessage("config:1:9: not JSON: a comma before the closing }");
  }
}
