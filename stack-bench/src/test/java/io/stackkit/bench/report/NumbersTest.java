package io.stackkit.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.bench.report.Statistic.Change;
import org.junit.jupiter.api.Test;

class NumbersTest {

  @Test
  void smallFiguresKeepThreeDigits() {
    assertThat(Numbers.plain(0.0004)).isEqualTo("0.000400");
    assertThat(Numbers.plain(0.25)).isEqualTo("0.250");
    assertThat(Numbers.plain(0)).isEqualTo("0");
    assertThat(Numbers.withError(Statistic.of(.0004, .0005, .0006)))
        .isEqualTo("0.000500 ±0.000248");
  }

  @Test
  void theErrorOfAChangeIsInPercentAndNotRoundedAway() {
    assertThat(Numbers.change(new Change(-0.9778, 0.0031))).isEqualTo("-97.78% ±0.31%");
    assertThat(Numbers.change(new Change(-0.0099, 0.0042))).isEqualTo("-0.99% ±0.42%");
    assertThat(Numbers.change(new Change(0.5, 0.123))).isEqualTo("+50.00% ±12%");
    assertThat(Numbers.change(new Change(0.5, 0))).isEqualTo("+50.00% ±0%");
  }

  @Test
  void thereIsNoChangeSinceNothing() {
    Statistic zero = Statistic.of(0.0, 0.0, 0.0);
    for (Statistic now : new Statistic[] {zero, Statistic.of(1.0, 1.0, 1.0)}) {
      assertThat(Numbers.change(now.since(zero))).isEqualTo("-");
      assertThat(Numbers.times(now.since(zero))).isEqualTo("-");
    }
  }

  @Test
  void aSmallRatioIsNotZero() {
    assertThat(Numbers.times(new Change(-0.9996, 0))).isEqualTo("0.000400x");
    assertThat(Numbers.times(new Change(-0.5, 0))).isEqualTo("0.50x");
  }

  @Test
  void ticksAreShortAndNeverZeroUnlessTheyAre() {
    assertThat(Numbers.tick(5e-7)).isEqualTo("5E-7");
    assertThat(Numbers.tick(3 * 0.1)).isEqualTo("0.3");
    assertThat(Numbers.tick(100)).isEqualTo("100");
    assertThat(Numbers.tick(0)).isEqualTo("0");
  }
}
