package io.stackkit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.stackkit.api.AllocatorOption;
import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.InvalidOptionsException;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.Zeroing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StackConfigTest {

  private static final String EVERY_OPTION =
      """
      {
        // of the line
        "allocator": "fixalloc", /* or
        over several */
        "segmentSize": "8k",
        "cacheSize": 64,
        "batchSize": 64,
        "shards": 4,
        "adaptive": 0,
        "maxBytes": "64m",
        "zeroing": "on-free",
        "checked": true,
        "largeCacheBytes": 1048576,
        "largeIdle": "500ms",
        "trimIdle": "2m"
      }
      """;

  @Test
  void readsEveryOption() {
    AllocatorOptions options = StackConfig.parse(EVERY_OPTION).options();

    assertThat(options)
        .isEqualTo(
            AllocatorOptions.builder()
                .allocator("fixalloc")
                .segmentSize(8192)
                .cacheSize(64)
                .batchSize(64)
                .shards(4)
                .adaptive(0)
                .maxBytes(64 << 20)
                .zeroing(Zeroing.ON_FREE)
                .checked(true)
                .largeCacheBytes(1 << 20)
                .largeIdle(Duration.ofMillis(500))
                .trimIdle(Duration.ofMinutes(2))
                .build());
  }

  /// Asks [AllocatorOption] alone, so that it covers options that are yet to come.
  @ParameterizedTest
  @EnumSource
  void everyOptionCanBeSet(AllocatorOption option) {
    Object value = otherThanDefault(option);
    String text = option.format(value);
    boolean bare =
        option.kind() == AllocatorOption.Kind.COUNT || option.kind() == AllocatorOption.Kind.FLAG;

    StackConfig config =
        StackConfig.parse("{\"" + option.key() + "\": " + (bare ? text : "\"" + text + "\"") + "}");

    assertThat(config.options().get(option)).isEqualTo(value);
    assertThat(config.options())
        .isEqualTo(AllocatorOptions.builder().set(option.key(), text).build());
  }

  private static Object otherThanDefault(AllocatorOption option) {
    Stream<Object> candidates =
        switch (option.defaultValue()) {
          case Long n when option.kind() == AllocatorOption.Kind.COUNT -> Stream.of(n - 1, n + 1);
          case Long n -> Stream.of(n * 2, n / 2);
          case Boolean b -> Stream.of(!b);
          case Duration d -> Stream.of(d.plusSeconds(1));
          case Zeroing _ -> Stream.of(Zeroing.ON_ALLOCATE);
          case String name -> Stream.of(name + "-2.x_y");
          default -> throw new AssertionError(option);
        };
    return candidates.filter(value -> option.check(value).isEmpty()).findFirst().orElseThrow();
  }

  @Test
  void hasDefaultsForWhatIsLeftOut() {
    assertThat(StackConfig.parse("{}").options()).isEqualTo(AllocatorOptions.defaults());
    assertThat(StackConfig.parse("\r\n\t {} // none\n").options())
        .isEqualTo(AllocatorOptions.defaults());
  }

  @ParameterizedTest
  @ValueSource(strings = {"4096", "\"4096\"", "\"4k\"", "\"4K\""})
  void readsSizesAsNumbersAndStrings(String size) {
    StackConfig config = StackConfig.parse("{\"segmentSize\": 512, \"maxBytes\": " + size + "}");

    assertThat(config.options().maxBytes()).isEqualTo(4096);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"unlimited\"", "9223372036854775807"})
  void readsNoLimit(String maxBytes) {
    assertThat(StackConfig.parse("{\"maxBytes\": " + maxBytes + "}").options().maxBytes())
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void readsEscapes() {
    assertThat(StackConfig.parse("{\"alloc\\u0061tor\": \"c\\u0061ched2\"}").options().allocator())
        .isEqualTo("cached2");
  }

  @Test
  void loadsFiles(@TempDir Path folder) throws IOException {
    // not in the name: a system may have no way to write it
    Path file = Files.writeString(folder.resolve("stack.json"), EVERY_OPTION + "// größer");

    assertThat(StackConfig.load(file)).isEqualTo(StackConfig.parse(EVERY_OPTION));
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertThatNullPointerException().isThrownBy(() -> new StackConfig(null)).withMessage("options");
    assertThatNullPointerException().isThrownBy(() -> StackConfig.parse(null)).withMessage("json");
    assertThatNullPointerException().isThrownBy(() -> StackConfig.load(null)).withMessage("file");
  }

  @Test
  void writesEveryOption() {
    assertThat(StackConfig.parse("{}").toJson())
        .startsWith(
            "{\n  \"allocator\": \"cached\",\n  \"segmentSize\": \"4k\",\n  \"cacheSize\": 32,")
        .contains("\n  \"maxBytes\": \"unlimited\",\n", "\n  \"checked\": false,\n")
        .endsWith("\n}\n");
    for (AllocatorOption option : AllocatorOption.values()) {
      assertThat(StackConfig.parse("{}").toJson()).contains("\"" + option.key() + "\": ");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void readsWhatItWrites(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      StackConfig config = new StackConfig(randomOptions(random));

      assertThat(StackConfig.parse(config.toJson())).isEqualTo(config);
    }
  }

  private static AllocatorOptions randomOptions(Random random) {
    while (true) {
      AllocatorOptions.Builder builder = AllocatorOptions.builder();
      for (AllocatorOption option : AllocatorOption.values()) {
        Optional.of(randomValue(option, random))
            .filter(value -> option.check(value).isEmpty())
            .ifPresent(value -> builder.set(option.key(), option.format(value)));
      }
      try {
        return builder.build();
      } catch (InvalidOptionsException e) {
        // they contradict each other: once more
      }
    }
  }

  private static Object randomValue(AllocatorOption option, Random random) {
    return switch (option.kind()) {
      case NAME -> "a.b-c_" + random.nextInt();
      case SIZE -> (random.nextLong() >>> random.nextInt(1, 64)) & -random.nextLong(1, 65);
      case COUNT -> (long) random.nextInt(1 << random.nextInt(1, 18));
      case FLAG -> random.nextBoolean();
      case ZEROING -> List.of(Zeroing.values()).get(random.nextInt(Zeroing.values().length));
      case TIME -> Duration.ofMillis(random.nextInt(1 << random.nextInt(1, 30)));
    };
  }

  /// Whatever a file has in it, it is read or refused with reasons that stand within it.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void readsOrRefusesAnything(long seed) {
    Random random = new Random(seed);
    String characters = EVERY_OPTION + "\0\uFEFF\uD800\\'#é\r9e-+.[]{}\"\"/*";
    for (int i = 0; i < 3000; i++) {
      StringBuilder text = new StringBuilder(EVERY_OPTION);
      for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
        int at = random.nextInt(text.length());
        int end = Math.min(text.length(), at + random.nextInt(3));
        char c = characters.charAt(random.nextInt(characters.length()));
        text.replace(at, end, random.nextBoolean() ? String.valueOf(c) : "");
      }
      try {
        assertThat(StackConfig.parse(text.toString()).options()).isNotNull();
      } catch (StackConfigException e) {
        long lines = text.toString().lines().count() + 1;
        assertThat(e.problems()).isNotEmpty().allMatch(p -> p.line() >= 1 && p.line() <= lines);
        assertThat(e.problems()).allMatch(p -> p.column() >= 1 && !p.message().isBlank());
        assertThat(e.getMessage().lines()).hasSameSizeAs(e.problems());
      }
    }
  }

  @Test
  void opensNothingElseThanWhatIsNamed() {
    StackConfig config = StackConfig.parse("{\"allocator\": \"nobodys\"}");

    assertThatThrownBy(config::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("allocator: nobodys is not there");
  }

  /// On the module path a provider needs a `provides`, which a test cannot add.
  @Test
  @Tag("class-path")
  void opensTheAllocator() {
    assumeTrue("class path".equals(System.getProperty("io.stackkit.test.form")));
    StackConfig config = StackConfig.parse("{\"allocator\": \"stub\", \"cacheSize\": 99}");

    try (StackAllocator allocator = config.open()) {
      assertThat(allocator.options()).isSameAs(config.options());
    }
  }
}
