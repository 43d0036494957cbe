package io.stackkit.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.stackkit.testkit.RandomProgram;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class AllocatorOptionsTest {

  private static final List<Zeroing> ZEROINGS = List.of(Zeroing.values());

  @Test
  void defaultsAreThoseOfTheGoRuntime() {
    AllocatorOptions options = AllocatorOptions.defaults();
    assertThat(options.allocator()).isEqualTo("cached");
    assertThat(options.segmentSize()).isEqualTo(4096);
    assertThat(options.cacheSize()).isEqualTo(32);
    assertThat(options.batchSize()).isEqualTo(16);
    assertThat(options.maxBytes()).isEqualTo(Long.MAX_VALUE);
    assertThat(options.zeroing()).isEqualTo(Zeroing.NONE);
    assertThat(options.checked()).isFalse();
    assertThat(options.toSpec()).isEqualTo("cached");
    assertThat(AllocatorOptions.parse("cached")).isEqualTo(options).hasSameHashCodeAs(options);
  }

  @Test
  void aSpecSaysWhatTheBuilderSays() {
    AllocatorOptions built =
        AllocatorOptions.builder()
            .allocator("fixalloc")
            .segmentSize(65536)
            .cacheSize(64)
            .batchSize(8)
            .shards(4)
            .adaptive(0)
            .maxBytes(64L << 20)
            .zeroing(Zeroing.ON_FREE)
            .checked(true)
            .largeCacheBytes(0)
            .largeIdle(Duration.ofMillis(1500))
            .trimIdle(Duration.ofMinutes(1))
            .build();
    String spec =
        "fixalloc,segmentSize=64k,cacheSize=64,batchSize=8,shards=4,adaptive=0,maxBytes=64m,"
            + "zeroing=on-free,checked=true,largeCacheBytes=0,largeIdle=1500ms,trimIdle=60s";
    assertThat(built.toSpec()).isEqualTo(spec);
    assertThat(built).hasToString(spec);
    assertThat(AllocatorOptions.parse(spec)).isEqualTo(built);
    assertThat(built.toBuilder().build()).isEqualTo(built);
    assertThat(built.toBuilder().checked(false).build()).isNotEqualTo(built);
  }

  @Test
  void everySpecIsReadBackToEqualOptions() {
    long seed = RandomProgram.seed();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 2_000; i++) {
      AllocatorOptions options = randomOptions(random);
      assertThat(AllocatorOptions.parse(options.toSpec()))
          .as("seed %d", seed)
          .isEqualTo(options)
          .hasSameHashCodeAs(options);
    }
  }

  private static AllocatorOptions randomOptions(SplittableRandom random) {
    int cache = random.nextInt(1, 65_537);
    long segment = 64L * random.nextInt(4, (16 << 20) / 64 + 1);
    return AllocatorOptions.builder()
        .allocator(random.nextBoolean() ? "cached" : "a.b_c-9")
        .segmentSize(segment)
        .cacheSize(cache)
        .batchSize(random.nextInt(1, cache + 1))
        .shards(random.nextInt(1025))
        .adaptive(random.nextInt(101))
        .maxBytes(random.nextBoolean() ? Long.MAX_VALUE : random.nextLong(segment, Long.MAX_VALUE))
        .zeroing(ZEROINGS.get(random.nextInt(ZEROINGS.size())))
        .checked(random.nextBoolean())
        .largeCacheBytes(random.nextLong(1L << 40))
        .largeIdle(Duration.ofMillis(random.nextLong(1, 86_400_001)))
        .trimIdle(Duration.ofMillis(random.nextLong(86_400_001)))
        .build();
  }

  @Test
  void spacesAndTheOrderDoNotMatter() {
    assertThat(AllocatorOptions.parse(" cached , batchSize = 48 , cacheSize = 64 "))
        .isEqualTo(AllocatorOptions.parse("cacheSize=64,batchSize=48"));
    assertThat(AllocatorOptions.parse("allocator=fixalloc").allocator()).isEqualTo("fixalloc");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          batchSize=48                  | batchSize: 48 (must be <= cacheSize: 32)
          maxBytes=1k                   | maxBytes: 1k (must be >= segmentSize: 4k)
          segmentSize=100               | segmentSize: 100 (must be from 256 to 16m)
          segmentSize=32m               | segmentSize: 32m (must be from 256 to 16m)
          segmentSize=1000              | segmentSize: 1000 (must be a multiple of 64)
          segmentSize=4kb               | segmentSize: "4kb" (must be a size such as 4k, from 256 to 16m)
          segmentSize=-4k               | segmentSize: "-4k" (must be a size such as 4k, from 256 to 16m)
          segmentSize=                  | segmentSize: "" (must be a size such as 4k, from 256 to 16m)
          segmentSize=9999999999g       | "9999999999g" (must be a size such as 4k, from 256 to 16m)
          segmentSize=16385k            | segmentSize: 16385k (must be from 256 to 16m)
          segmentSize=33554432          | segmentSize: 33554432 (must be from 256 to 16m)
          segmentSize=٤k                | "٤k" (must be a size such as 4k, from 256 to 16m)
          maxBytes=all                  | "all" (must be a size such as 4k, >= 256, or "unlimited")
          maxBytes=9999999t             | "9999999t" (must be a size such as 4k, from 256 to 9223372036854775807, or "unlimited")
          cacheSize=0                   | cacheSize: 0 (must be from 1 to 65536)
          cacheSize=1.5                 | cacheSize: "1.5" (must be a whole number, from 1 to 65536)
          cacheSize=99999999999999999999 | "99999999999999999999" (must be a whole number, from 1 to
          cacheSize=٣٢                  | cacheSize: "٣٢" (must be a whole number, from 1 to 65536)
          adaptive=101                  | adaptive: 101 (must be from 0 to 100)
          zeroing=always                | zeroing: "always" (must be none, on-allocate or on-free)
          checked=yes                   | checked: "yes" (must be true or false)
          largeIdle=10                  | largeIdle: "10" (must be a time such as 500ms, 10s or 5m, from 1ms to 86400s)
          largeIdle=٣s                  | largeIdle: "٣s" (must be a time such as 500ms, 10s or 5m, from
          largeIdle=0                   | largeIdle: 0 (must be from 1ms to 86400s)
          largeIdle=0s                  | largeIdle: 0s (must be from 1ms to 86400s)
          trimIdle=25h                  | trimIdle: 25h (must be from 0 to 86400s)
          trimIdle=99999999999s         | trimIdle: 99999999999s (must be from 0 to 86400s)
          trimIdle=9223372036854775807h | trimIdle: "9223372036854775807h" (must be a time such as
          ca:ched                       | allocator: ca:ched (must be a word of letters
          cached,fixalloc               | "fixalloc" (must be name=value
          cached,                       | "" (must be name=value
          cacheSize=64,cacheSize=64     | cacheSize: given twice, as 64 and as 64
          fixalloc,allocator=cached     | allocator: given twice, as fixalloc and as cached
          cachesize=64                  | cachesize: no such option; did you mean cacheSize?
          segmentsize=64                | no such option; did you mean segmentSize?
          bachSize=8                    | bachSize: no such option; did you mean batchSize?
          maxByte=8                     | no such option; did you mean maxBytes?
          colour=red                    | colour: no such option (there are: allocator, segmentSize,
          """)
  void whatIsWrongIsToldWithValueAndBound(String spec, String message) {
    assertThatExceptionOfType(InvalidOptionsException.class)
        .isThrownBy(() -> AllocatorOptions.parse(spec))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.violations()).hasSize(1));
  }

  @Test
  void allThatIsWrongIsToldAtOnce() {
    assertThatExceptionOfType(InvalidOptionsException.class)
        .isThrownBy(
            () -> AllocatorOptions.parse("cached,segmentSize=7,colour=red,zeroing=x,batchSize=99"))
        .satisfies(
            e ->
                assertThat(e.violations())
                    .extracting(InvalidOptionsException.Violation::option)
                    .containsExactly("segmentSize", "colour", "zeroing", "batchSize"));
  }

  @Test
  void aWrongOptionIsNotComparedWithOthers() {
    assertThatExceptionOfType(InvalidOptionsException.class)
        .isThrownBy(() -> AllocatorOptions.parse("cacheSize=lots,batchSize=48"))
        .satisfies(e -> assertThat(e.violations()).hasSize(1));
    assertThatExceptionOfType(InvalidOptionsException.class)
        .isThrownBy(() -> AllocatorOptions.parse("segmentSize=99g,maxBytes=1k"))
        .satisfies(e -> assertThat(e.violations()).hasSize(1));
  }

  @Test
  void theBuilderChecksEachValueWhenSet() {
    AllocatorOptions.Builder builder = AllocatorOptions.builder();
    refuses(() -> builder.cacheSize(0), "cacheSize: 0");
    refuses(() -> builder.segmentSize(-4096), "segmentSize: ");
    refuses(() -> builder.allocator(""), "allocator: ");
    refuses(() -> builder.largeIdle(Duration.ofDays(2)), "largeIdle: PT48H");
    refuses(() -> builder.largeIdle(Duration.ofSeconds(Long.MAX_VALUE)), "largeIdle: ");
    refuses(() -> builder.trimIdle(Duration.ofNanos(1_500_000)), "must be whole milliseconds");
    refuses(() -> builder.trimIdle(Duration.ofMillis(-1)), "trimIdle: ");
    refuses(() -> builder.set("nope", "1"), "nope: no such option");
    // refused values leave no trace
    assertThat(builder.build()).isEqualTo(AllocatorOptions.defaults());
  }

  @Test
  void whatIsNotThereIsNamed() {
    AllocatorOptions.Builder builder = AllocatorOptions.builder();
    missing(() -> AllocatorOptions.parse(null), "spec");
    missing(() -> builder.zeroing(null), "zeroing");
    missing(() -> builder.allocator(null), "allocator");
    missing(() -> builder.trimIdle(null), "trimIdle");
    missing(() -> builder.set(null, "1"), "key");
    missing(() -> builder.set("shards", null), "shards");
    assertThat(builder.build()).isEqualTo(AllocatorOptions.defaults());
  }

  private static void missing(ThrowingCallable call, String name) {
    assertThatNullPointerException().isThrownBy(call).withMessage(name);
  }

  @Test
  void theBuilderChecksRelationsWhenBuilding() {
    AllocatorOptions.Builder builder = AllocatorOptions.builder().batchSize(64).maxBytes(256);
    assertThatExceptionOfType(InvalidOptionsException.class)
        .isThrownBy(builder::build)
        .withMessage(
            "batchSize: 64 (must be <= cacheSize: 32); maxBytes: 256 (must be >= segmentSize: 4k)");
    assertThat(builder.cacheSize(64).segmentSize(256).build().batchSize()).isEqualTo(64);
  }

  private static void refuses(ThrowingCallable call, String message) {
    assertThatExceptionOfType(InvalidOptionsException.class)
        .isThrownBy(call)
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @EnumSource
  void everyOptionReadsBackItsDefault(AllocatorOption option) {
    assertThat(option.parse(option.format(option.defaultValue()))).isEqualTo(option.defaultValue());
    assertThat(option.check(option.defaultValue())).isEmpty();
    assertThat(AllocatorOption.of(option.key())).contains(option);
    assertThat(AllocatorOptions.defaults().get(option)).isEqualTo(option.defaultValue());
    assertThat(option.description()).isNotBlank().doesNotEndWith(".");
  }
}
