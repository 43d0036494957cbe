package io.stackkit.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stackkit.bench.peer.Contender;
import io.stackkit.bench.workload.Workload;
import io.stackkit.config.StackConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {

  @TempDir Path folder;

  @Test
  void nothingMeansTheCommitsTable() {
    Settings settings = Arguments.parse();

    assertThat(settings.workloads())
        .containsExactly(Workload.GROWTH, Workload.DEEP, Workload.STACKMEM);
    assertThat(names(settings)).containsExactly("fixalloc", "cached");
    assertThat(settings.threadsOf(Workload.DEEP)).containsExactly(1, 2, 4, 8, 16, 32);
    assertThat(settings.threadsOf(Workload.STACKMEM)).containsExactly(1);
    assertThat(settings.forks()).isGreaterThanOrEqualTo(3);
  }

  @Test
  void readsEveryOption() {
    Settings settings =
        Arguments.parse(
            "--workload",
            "pair,burst,churn",
            "--allocators",
            "cached,cacheSize=64",
            "local:fixalloc",
            "netty-pooled",
            "--threads",
            "1,3",
            "--forks",
            "5",
            "--warmups",
            "0",
            "--iterations",
            "7",
            "--millis",
            "20",
            "--gc",
            "serial,Z",
            "--prof",
            "gc",
            "--scale",
            "0.5",
            "--repeat",
            "10",
            "--out",
            "there");

    assertThat(settings.workloads())
        .containsExactly(
            Workload.PAIR,
            Workload.BURST_128,
            Workload.BURST_1024,
            Workload.CHURN,
            Workload.CHURN_VIRTUAL_32,
            Workload.CHURN_VIRTUAL_1000);
    assertThat(names(settings))
        .containsExactly("cached,cacheSize=64", "local:fixalloc", "netty-pooled");
    assertThat(settings.threads()).containsExactly(1, 3);
    assertThat(settings.forks()).isEqualTo(5);
    assertThat(settings.warmups()).isZero();
    assertThat(settings.iterations()).isEqualTo(7);
    assertThat(settings.iterationMillis()).isEqualTo(20);
    assertThat(settings.collectors()).containsExactly(Collector.SERIAL, Collector.Z);
    assertThat(settings.allocationProfile()).isTrue();
    assertThat(settings.scale()).isEqualTo(0.5);
    assertThat(settings.repeats()).isEqualTo(10);
    assertThat(settings.out()).contains(Path.of("there"));
  }

  @Test
  void whatIsAskedForInParticularOverrulesQuick() {
    Settings settings = Arguments.parse("--threads", "4", "--quick");

    assertThat(settings.threads()).containsExactly(4);
    assertThat(settings.iterationMillis()).isLessThan(Arguments.parse().iterationMillis());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--speed | --speed: no such option (see --help)",
        "fast | fast: no such option (see --help)",
        "--forks | --forks: needs a value (see --help)",
        "--forks --quick | --forks: needs a value (see --help)",
        "--forks 0 | --forks: \"0\" (must be a whole number from 1 to 100)",
        "--forks 1.5 | --forks: \"1.5\" (must be a whole number from 1 to 100)",
        "--threads 1,1025 | --threads: \"1025\" (must be a whole number from 1 to 1024)",
        "--threads 1,,2 | --threads: \"\" (must be a whole number from 1 to 1024)",
        "--gc CMS | --gc: \"CMS\" (must be one of G1, Serial, Parallel, Z, Shenandoah)",
        "--prof perf | --prof: \"perf\" (must be gc)",
        "--repeat 0 | --repeat: \"0\" (must be a whole number from 1 to 100)",
        "--scale 0.009 | --scale: \"0.009\" (must be a number from 0.01 to 100)",
        "--scale 101 | --scale: \"101\" (must be a number from 0.01 to 100)",
        "--scale NaN | --scale: \"NaN\" (must be a number from 0.01 to 100)",
        "--forks 2 --forks 3 | --forks: is there twice (must be there once; leave out all but one)",
        "--config a --config b"
            + " | --config: is there twice (must be there once; leave out all but one)",
        "--repeat 5 --workload pair | --repeat: 5 has no effect on the workloads pair"
            + " (must be 1, or add churn or virtual to --workload)",
        "--repeat 5 | --repeat: 5 has no effect on the workloads growth,deep,stackmem"
            + " (must be 1, or add churn or virtual to --workload)",
        "--scale 3 --workload pair,deep | --scale: 3.0 has no effect on the workloads pair,deep"
            + " (must be 1, or add stackmem, churn or virtual to --workload)",
        "--allocators cached contiguous --workload pair,handoff"
            + " | --allocators: contiguous cannot run any of the workloads pair,handoff; leave out"
            + " the one or add to the others (see --list)",
      })
  void refusesAWrongWord(String line, String message) {
    assertThatThrownBy(() -> Arguments.parse(line.split(" ")))
        .isInstanceOf(UsageException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--out", "--config", "--allocators"})
  void refusesABlankValue(String option) {
    assertThatThrownBy(() -> Arguments.parse(option, " "))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith(option + ": \" \" (must not be blank; ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--out", "--config"})
  void refusesWhatIsNotAPath(String option) {
    assertThatThrownBy(() -> Arguments.parse(option, "a\0b"))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith(option + ": \"a?b\" (must be a path: ");
  }

  @Test
  void aCollectorCountsOnce() throws IOException {
    assertThat(Arguments.parse("--gc", "G1,Serial,g1").collectors())
        .containsExactly(Collector.G1, Collector.SERIAL);
    assertThat(parse("{\"gc\": [\"serial\", \"Z\", \"SERIAL\"]}").collectors())
        .containsExactly(Collector.SERIAL, Collector.Z);
  }

  @Test
  void refusesAContenderThatIsThereTwice() {
    assertThatThrownBy(() -> Arguments.parse("--allocators", "cached", "fixalloc", "cached"))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("--allocators: \"cached\" is there twice (must be there once; ")
        .hasMessageContaining("--paired");
    assertThatThrownBy(() -> parse("{\"allocators\": [\"cached\", {\"allocator\": \"cached\"}]}"))
        .isInstanceOf(StackConfigException.class)
        .hasMessageContaining("allocators: \"cached\" is there twice");
    assertThatThrownBy(() -> parse("{\"peers\": [\"malloc\", \"malloc\"]}"))
        .isInstanceOf(StackConfigException.class)
        .hasMessageContaining("peers: \"malloc\" is there twice");
  }

  @Test
  void allAreThoseThatCanRunAWorkload() {
    assertThat(names(Arguments.parse("--workload", "pair", "--allocators", "all")))
        .contains("fixalloc", "local:cached", "field-ring")
        .doesNotContain("arena:cached", "contiguous");
  }

  @Test
  void whoIsNamedBesideAllStandsWhereItIsNamed() {
    assertThat(names(Arguments.parse("--workload", "pair", "--allocators", "malloc", "all")))
        .startsWith("malloc", "fixalloc")
        .containsOnlyOnce("malloc");
  }

  @Test
  void namesTheWorkloadsThereAre() {
    assertThatThrownBy(() -> Arguments.parse("--workload", "pairs"))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("--workload: \"pairs\": no such workload (there are: growth, ");
  }

  @Test
  void namesTheAllocatorsThereAre() {
    assertThatThrownBy(() -> Arguments.parse("--allocators", "jemalloc"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("\"jemalloc\"")
        .hasMessageContaining("fixalloc")
        .hasMessageContaining("netty-pooled");
  }

  @Test
  void passesOnWhatIsWrongWithASpec() {
    assertThatThrownBy(() -> Arguments.parse("--allocators", "cached,batchSize=48"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("batchSize: 48 (must be <= cacheSize: 32)");
  }

  @Test
  void refusesAWorkloadThatNobodyCanRun() {
    assertThatThrownBy(() -> Arguments.parse("--workload", "handoff", "--allocators", "field-ring"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("handoff")
        .hasMessageContaining("[field-ring]");
  }

  @Test
  void refusesPairsOfAnOddNumber() {
    assertThatThrownBy(() -> Arguments.parse("--workload", "handoff", "--threads", "3"))
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "--threads: 3 (handoff needs even numbers: its threads come in pairs; add one such as"
                + " 2, or leave out --workload handoff)");
  }

  @Test
  void pairsAreOfTheCommitsWorkloadsUnlessOthersAreNamed() {
    assertThat(Arguments.parse("--paired").workloads())
        .containsExactly(Workload.GROWTH, Workload.DEEP);
  }

  @Test
  void refusesPairsOfWhatCannotBeDoneInTurn() {
    assertThatThrownBy(() -> Arguments.parse("--workload", "deep,handoff", "--paired"))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith(
            "--paired: handoff cannot be done in turn (these can: growth, deep,");
    assertThatThrownBy(() -> Arguments.parse("--workload", "deep", "--paired", "--prof", "gc"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--prof gc");
    assertThatThrownBy(
            () ->
                Arguments.parse(
                    "--workload", "frames", "--paired", "--allocators", "cached", "arena:cached"))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("--paired: arena:cached: ");
  }

  @Test
  void readsAFileAndLetsOptionsOverruleIt() throws IOException {
    Path file =
        write(
            """
            {
              // old against two new ones, one of them as a thread sees it
              "allocators": ["fixalloc", {"allocator": "cached", "cacheSize": 64}],
              "views": ["plain", "local"],
              "peers": ["malloc"],
              "workloads": ["burst", "virtual"],
              "threads": [2],
              "gc": ["serial"],
              "forks": 4, "warmups": 1, "iterations": 2, "millis": 30,
              "profileGarbage": true,
              "scalePercent": 10, "repeats": 3, "paired": false,
              "out": "elsewhere"
            }
            """);

    Settings settings = Arguments.parse("--forks", "9", "--config", file.toString());

    assertThat(names(settings))
        .containsExactly(
            "fixalloc",
            "local:fixalloc",
            "cached,cacheSize=64",
            "local:cached,cacheSize=64",
            "malloc");
    assertThat(settings.workloads())
        .containsExactly(Workload.BURST_128, Workload.BURST_1024, Workload.VIRTUAL);
    assertThat(settings.threads()).containsExactly(2);
    assertThat(settings.collectors()).containsExactly(Collector.SERIAL);
    assertThat(settings.forks()).isEqualTo(9);
    assertThat(settings.warmups()).isEqualTo(1);
    assertThat(settings.iterations()).isEqualTo(2);
    assertThat(settings.iterationMillis()).isEqualTo(30);
    assertThat(settings.allocationProfile()).isTrue();
    assertThat(settings.scale()).isEqualTo(0.1);
    assertThat(settings.repeats()).isEqualTo(3);
    assertThat(settings.out()).contains(Path.of("elsewhere"));
  }

  @Test
  void reportsEverythingThatIsWrongInAFile() throws IOException {
    Path file =
        write(
            """
            {
              "workload": ["pair"],
              "workloads": ["pear"],
              "forks": 0,
              "scalePercent": 0,
              "out": "a\\u0000b",
              "allocators": ["absent"]
            }
            """);

    assertThatThrownBy(() -> Arguments.parse("--config", file.toString()))
        .isInstanceOf(StackConfigException.class)
        .hasMessageContaining(file.getFileName().toString())
        .hasMessageContaining("workload: no such key")
        .hasMessageContaining("\"pear\"")
        .hasMessageContaining("forks")
        .hasMessageContaining("scalePercent: 0 (must be a whole number from 1 to 10000)")
        .hasMessageContaining("out: \"a?b\" (must be a path: ")
        .hasMessageContaining("absent");
  }

  private Settings parse(String json) throws IOException {
    return Arguments.parse("--config", write(json).toString());
  }

  private Path write(String json) throws IOException {
    return Files.writeString(folder.resolve("bench.json"), json);
  }

  private static List<String> names(Settings settings) {
    return settings.contenders().stream().map(Contender::name).toList();
  }
}
