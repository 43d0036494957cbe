package io.stackkit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.stackkit.config.StackConfigException.Problem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StackConfigErrorsTest {

  private static StackConfigException failure(String json) {
    return catchThrowableOfType(StackConfigException.class, () -> StackConfig.parse(json));
  }

  private static StackConfigException failure(Path file) {
    return catchThrowableOfType(StackConfigException.class, () -> StackConfig.load(file));
  }

  @ParameterizedTest
  @MethodSource({"keys", "counts", "sizes", "timesFlagsAndWords", "contradictions"})
  void saysWhereAndWhat(String json, int line, int column, String key, String message) {
    assertThat(failure(json).problems()).containsExactly(new Problem(line, column, key, message));
  }

  static Stream<Arguments> keys() {
    String all =
        "allocator, segmentSize, cacheSize, batchSize, shards, adaptive, maxBytes, zeroing,"
            + " checked, largeCacheBytes, largeIdle, trimIdle";
    String meant = "no such option (did you mean cacheSize?)";
    return Stream.of(
        arguments("{\"cacheSiz\": 1}", 1, 2, "cacheSiz", meant),
        arguments("{\n\n  \"cachesize\": 1}", 3, 3, "cachesize", meant),
        arguments("{\"chaceSize\": null}", 1, 2, "chaceSize", meant),
        arguments("{\"cache-size\": {\"cacheSize\": []}}", 1, 2, "cache-size", meant),
        arguments("{\"cache\": 1}", 1, 2, "cache", meant),
        arguments("{\"colour\": 1}", 1, 2, "colour", "no such option (there are: " + all + ")"),
        arguments("{\"\": 1}", 1, 2, "\"\"", "no such option (there are: " + all + ")"),
        arguments(
            "{\"cacheSize\": 16,\n // again\n \"cacheSize\": 16}",
            3,
            2,
            "cacheSize",
            "given twice (first in line 1)"));
  }

  static Stream<Arguments> counts() {
    String expected = "must be a whole number, from 1 to 65536";
    return Stream.of(
            arguments("0", "0 (must be from 1 to 65536)"),
            arguments("-1", "-1 (must be from 1 to 65536)"),
            arguments("65537", "65537 (must be from 1 to 65536)"),
            arguments("4294967328", "4294967328 (must be from 1 to 65536)"),
            arguments("\"64\"", "\"64\" (" + expected + ", without quotes)"),
            arguments("1.5", "1.5 (" + expected + ")"),
            arguments("32.0", "32.0 (" + expected + ")"),
            arguments("1e2", "1e2 (" + expected + ")"),
            arguments("1e999999999", "1e999999999 (" + expected + ")"),
            arguments("true", "true (" + expected + ")"),
            arguments("[32]", "a list (" + expected + ")"),
            arguments("{\"a\": 1}", "an object (" + expected + ")"),
            arguments("null", "null (" + expected + "; leave it out for the default, 32)"),
            arguments("9223372036854775808", "9223372036854775808 (" + expected + ")"),
            arguments(
                "9".repeat(5000), "9".repeat(40) + "... (5000 characters) (" + expected + ")"))
        .map(a -> of("cacheSize", a));
  }

  static Stream<Arguments> sizes() {
    String expected = "must be a size such as 4k, from 256 to 16m";
    String limit = "must be a size such as 4k, >= 256, or \"unlimited\"";
    return Stream.concat(
        Stream.of(
                arguments("255", "255 (must be from 256 to 16m)"),
                arguments("-4096", "-4096 (must be from 256 to 16m)"),
                arguments("\"17m\"", "\"17m\" (must be from 256 to 16m)"),
                arguments("4100", "4100 (must be a multiple of 64)"),
                arguments("4096.0", "4096.0 (" + expected + ")"),
                arguments("\"4kb\"", "\"4kb\" (" + expected + ")"),
                arguments("\"9999999999g\"", "\"9999999999g\" (" + expected + ")"),
                arguments("\"\"", "\"\" (" + expected + ")"),
                arguments("\"4k \"", "\"4k \" (" + expected + ", without spaces around it)"),
                arguments("\"unlimited\"", "\"unlimited\" (" + expected + ")"),
                arguments("null", "null (" + expected + "; leave it out for the default, 4k)"))
            .map(a -> of("segmentSize", a)),
        Stream.of(
                arguments("false", "false (" + limit + ")"),
                arguments("\"none\"", "\"none\" (" + limit + ")"),
                arguments("9223372036854775808", "9223372036854775808 (" + limit + ")"))
            .map(a -> of("maxBytes", a)));
  }

  static Stream<Arguments> timesFlagsAndWords() {
    String time = "must be a time such as 500ms, 10s or 5m, from 1ms to 86400s";
    String word = "must be a word of letters, digits, '-', '_' and '.'";
    return Stream.of(
        of("largeIdle", arguments("10", "10 (" + time + ", in quotes)")),
        of("largeIdle", arguments("\"10\"", "\"10\" (" + time + ")")),
        of("largeIdle", arguments("\"-1s\"", "\"-1s\" (" + time + ")")),
        of("largeIdle", arguments("\"48h\"", "\"48h\" (must be from 1ms to 86400s)")),
        of("checked", arguments("\"true\"", "\"true\" (must be true or false, without quotes)")),
        of("checked", arguments("1", "1 (must be true or false)")),
        of("zeroing", arguments("\"onfree\"", "\"onfree\" (must be none, on-allocate or on-free)")),
        of("zeroing", arguments("0", "0 (must be none, on-allocate or on-free, in quotes)")),
        of("allocator", arguments("\"a,b=1\"", "\"a,b=1\" (" + word + ")")),
        of(
            "allocator",
            arguments("\"a\\n\\\"b\\u001b[2J\"", "\"a\\u{a}\\\"b\\u{1b}[2J\" (" + word + ")")),
        of("allocator", arguments("7", "7 (must be a name, in quotes)")));
  }

  /// Puts the value into line 2, column 3 + the key's length + 4.
  private static Arguments of(String key, Arguments valueAndMessage) {
    Object[] given = valueAndMessage.get();
    String json = "{\n  \"" + key + "\": " + given[0] + "\n}";
    return arguments(json, 2, key.length() + 7, key, given[1]);
  }

  static Stream<Arguments> contradictions() {
    return Stream.of(
        arguments(
            "{\"cacheSize\": 8, \"batchSize\": 9}",
            1,
            31,
            "batchSize",
            "9 (must be <= cacheSize: 8)"),
        arguments(
            "{\"batchSize\": 33}",
            1,
            15,
            "batchSize",
            "33 (must be <= cacheSize: 32); cacheSize is not given, 32 is its default"),
        arguments(
            "{\"cacheSize\": 8}",
            1,
            15,
            "batchSize",
            "16 (must be <= cacheSize: 8); batchSize is not given, 16 is its default"),
        arguments(
            "{\"segmentSize\": \"8k\",\n\"maxBytes\": \"4k\"}",
            2,
            13,
            "maxBytes",
            "4k (must be >= segmentSize: 8k)"));
  }

  @ParameterizedTest
  @MethodSource
  void refusesWhatIsNotOneObject(String json, int line, int column, String message) {
    assertThat(failure(json).problems()).containsExactly(new Problem(line, column, "", message));
  }

  static Stream<Arguments> refusesWhatIsNotOneObject() {
    String object = " (must be an object such as {\"allocator\": \"cached\"})";
    String after = "text after the end of the configuration (must be one object)";
    String open = "not JSON: the text ends too early (a bracket, quote or comment is left open)";
    return Stream.of(
        arguments("", 1, 1, "is empty" + object),
        arguments(" \n// nothing\n", 1, 1, "is empty" + object),
        arguments("\n[{\"cacheSize\": 8}]", 2, 1, "a list" + object),
        arguments("\"cached\"", 1, 1, "\"cached\"" + object),
        arguments("null", 1, 1, "null" + object),
        arguments("{} {}", 1, 4, after),
        arguments("{}\n  x", 2, 3, after),
        arguments("{}}", 1, 3, after),
        arguments("{\"cacheSize\": 64", 1, 17, open),
        arguments("{\"allocator\": \"cach", 1, 20, open),
        arguments("{ /* no end", 1, 12, open),
        arguments("\uFEFF{}", 1, 1, "begins with a byte order mark (save it as UTF-8 without one)"),
        arguments("{\n  \"cacheSize\": 64,\n}", 3, 1, "not JSON: a comma before the closing }"),
        arguments(
            "{\"allocator\": \"cached\n\"}",
            1,
            22,
            "not JSON: the line ends within a string (a quote is left open)"),
        arguments(
            "{\"shards\":" + "[".repeat(100_000),
            1,
            42,
            "nested too deeply (must be <= 32 levels)"),
        arguments(
            "{\"shards\":" + "{\"a\":".repeat(33),
            1,
            166,
            "nested too deeply (must be <= 32 levels)"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "hello|1|1|unrecognized token 'hello'",
        "{\"shards\" 1}|1|11|was expecting a colon",
        "{\"shards\": 1 \"adaptive\": 1}|1|14|was expecting comma",
        "{shards: 1}|1|2|was expecting double-quote to start property name",
        "{'shards': 1}|1|2|was expecting double-quote to start property name",
        "{\"shards\": 01}|1|13|Leading zeroes not allowed",
        "{\"shards\": +1}|1|13|does not allow numbers to have plus signs",
        "{\"shards\": 0x10}|1|13|unexpected character ('x')",
        "{\"checked\": True}|1|13|unrecognized token 'True'",
        "{\"shards\": 1 # one|1|14|unexpected character ('#')",
        "{\"shards\": NaN}|1|15|non-standard token 'NaN'",
        "{\"shards\": [1}|1|14|unexpected close marker '}': expected ']'",
      })
  void saysWhereTextIsNotJson(String json, int line, int column, String message) {
    assertThat(failure(json).problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.line()).isEqualTo(line);
              assertThat(problem.column()).isEqualTo(column);
              assertThat(problem.message())
                  .startsWith("not JSON: ")
                  .contains(message)
                  .doesNotContain("Source", "Feature", "\n");
            });
  }

  @Test
  void tellsSizesAndTimesThatLackQuotes() {
    assertThat(failure("{\"segmentSize\": 4k}"))
        .hasMessage("config:1:18: segmentSize: not JSON: 4k (must be in quotes: \"4k\")");
    assertThat(failure("{\"largeIdle\": 500ms, \"cacheSize\": 0}"))
        .hasMessage("config:1:18: largeIdle: not JSON: 500ms (must be in quotes: \"500ms\")");
  }

  @Test
  void tellsEverythingAtOnce() {
    String json =
        """
        {
          "cacheSiz": 64,
          "batchSize": 0, "checked": "yes",
          // not a size
          "segmentSize": "4 kb",
          "batchSize": 17,
          "largeIdle": 5
        }
        """;

    assertThat(failure(json))
        .hasMessage(
            """
            config:2:3: cacheSiz: no such option (did you mean cacheSize?)
            config:3:16: batchSize: 0 (must be from 1 to 65536)
            config:3:30: checked: "yes" (must be true or false, without quotes)
            config:5:18: segmentSize: "4 kb" (must be a size such as 4k, from 256 to 16m)
            config:6:3: batchSize: given twice (first in line 3)
            config:7:16: largeIdle: 5 (must be a time such as 500ms, 10s or 5m, from 1ms to 86400s, in quotes)\
            """);
    assertThat(failure(json).source()).isEqualTo("config");
    assertThat(failure(json).problems()).hasSize(6);
  }

  @Test
  void tellsContradictionsBesideOtherProblems() {
    assertThat(failure("{\"cacheSize\": 8, \"batchSize\": 9,\n\"shards\": -1}"))
        .hasMessage(
            """
            config:1:31: batchSize: 9 (must be <= cacheSize: 8)
            config:2:11: shards: -1 (must be from 0 to 1024)\
            """);
  }

  @Test
  void guessesNothingFromABrokenValue() {
    assertThat(failure("{\"cacheSize\": \"99\", \"batchSize\": 64}").problems())
        .extracting(Problem::key)
        .containsExactly("cacheSize");
  }

  @Test
  void tellsWhatWasWrongBeforeTheTextBroke() {
    assertThat(failure("{\"cacheSize\": 0, \"batchSize\": 99, \"shard\": 1,, \"x\": 1}").problems())
        .extracting(Problem::column)
        .containsExactly(15, 35, 46);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void countsEveryKindOfLineEnd(String end) {
    String json = String.join(end, "{", "// é", "", "\t\"shards\": -1", "}");

    assertThat(failure(json)).hasMessageStartingWith("config:4:12: ");
  }

  @Test
  void namesTheFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("stack.json"), "{\n  \"shards\": -1, \"a\": 1}");

    assertThat(failure(file).getMessage().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith(file + ":2:"));
    assertThat(failure(file).source()).isEqualTo(file.toString());
  }

  @Test
  void saysWhyAFileCannotBeRead(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("missing.json");
    Path file = Files.writeString(folder.resolve("file"), "{}");
    Path large = Files.writeString(folder.resolve("large"), " ".repeat(1 << 20) + "{}");

    assertThat(failure(missing))
        .hasMessage(missing + ": no such file")
        .hasCauseInstanceOf(IOException.class);
    assertThat(failure(missing).problems()).containsExactly(new Problem(0, 0, "", "no such file"));
    assertThat(failure(folder)).hasMessage(folder + ": is a directory (must be a file)");
    assertThat(failure(large)).hasMessage(large + ": is too large (must be <= 1m)");
    assertThat(failure(file.resolve("below"))).hasMessageStartingWith(file.resolve("below") + ": ");
    assertThat(failure(Path.of("no-such-file.json")))
        .hasMessage(
            "no-such-file.json: no such file (looked for %s)"
                .formatted(Path.of("no-such-file.json").toAbsolutePath()));
  }

  @Test
  void saysThatAFileMayNotBeRead(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("secret.json"), "{}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(file), "root reads everything");

    assertThat(failure(file)).hasMessage(file + ": may not be read: access denied");
  }

  @Test
  void saysWhereAFileIsNotUtf8(@TempDir Path folder) throws IOException {
    Path latin = folder.resolve("latin.json");
    Files.write(latin, "{\r\n  // é\r\n \"zeroing\": \"ü\"}".getBytes(StandardCharsets.ISO_8859_1));
    Path cut = folder.resolve("cut.json");
    Files.write(cut, new byte[] {'{', '}', ' ', (byte) 0xe2, (byte) 0x82});
    Path utf16 = Files.writeString(folder.resolve("utf16.json"), "{}", StandardCharsets.UTF_16);
    Path marked = Files.writeString(folder.resolve("marked.json"), "\uFEFF{}");

    assertThat(failure(latin))
        .hasMessage(latin + ":2:6: byte 0xe9 is not UTF-8 (save the file as UTF-8)");
    assertThat(failure(cut))
        .hasMessage(cut + ":1:4: byte 0xe2 is not UTF-8 (save the file as UTF-8)");
    assertThat(failure(utf16))
        .hasMessage(utf16 + ":1:1: byte 0xfe is not UTF-8 (save the file as UTF-8)");
    assertThat(failure(marked))
        .hasMessageStartingWith(marked + ":1:1: begins with a byte order mark");
  }

  @Test
  void canBeCaughtAsWrongOptionsAreAndSentOn() throws Exception {
    assertThatIllegalArgumentException().isThrownBy(() -> StackConfig.parse("[]"));
    StackConfigException thrown = failure("{\"shards\": -1}");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(thrown);
    }

    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      StackConfigException read = (StackConfigException) in.readObject();
      assertThat(read.problems()).isEqualTo(thrown.problems());
      assertThat(read).hasMessage(thrown.getMessage());
    }
  }
}
