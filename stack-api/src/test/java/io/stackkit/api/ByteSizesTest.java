package io.stackkit.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.stackkit.testkit.RandomProgram;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteSizesTest {

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "1,1",
    "1000,1000",
    "4096,4k",
    "4097,4097",
    "67108864,64m",
    "2147483648,2g",
    "1099511627776,1t",
    "1125899906842624,1024t",
    "9223372036854775807,9223372036854775807"
  })
  void sizesArePrintedWithTheLargestSuffix(long bytes, String text) {
    assertThat(ByteSizes.format(bytes)).isEqualTo(text);
    assertThat(ByteSizes.parse(text)).isEqualTo(bytes);
  }

  @Test
  void upperCaseAndSpacesAroundAreRead() {
    assertThat(ByteSizes.parse(" 4K ")).isEqualTo(4096);
    assertThat(ByteSizes.parse("3G")).isEqualTo(3L << 30);
    assertThat(ByteSizes.parse("007")).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "k", "-1", "-4k", "+4k", "4 k", "4kb", "1.5k", "0x10", "٤", "four"})
  void whatIsNoSizeIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ByteSizes.parse(text))
        .withMessageContaining("\"" + text + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775808", "8388608t", "99999999999999999999k"})
  void whatDoesNotFitIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ByteSizes.parse(text))
        .withMessage("size too large: \"" + text + "\"");
  }

  @Test
  void whatIsPrintedIsReadBack() {
    long seed = RandomProgram.seed();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 10_000; i++) {
      long bytes = random.nextLong(Long.MAX_VALUE) >> random.nextInt(63);
      bytes &= -1L << random.nextInt(50);
      assertThat(ByteSizes.parse(ByteSizes.format(bytes))).as("seed %d", seed).isEqualTo(bytes);
    }
  }
}
