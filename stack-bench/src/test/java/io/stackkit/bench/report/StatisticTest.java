package io.stackkit.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticTest {

  @Test
  void theErrorIsHalfOfStudentsInterval() {
    Statistic statistic = Statistic.of(1.0, 2.0, 3.0);

    assertThat(statistic.forks()).isEqualTo(3);
    assertThat(statistic.mean()).isEqualTo(2);
    assertThat(statistic.min()).isEqualTo(1);
    assertThat(statistic.max()).isEqualTo(3);
    // Deviation 1, over the root of 3, times t(97.5 %, 2 degrees of freedom) = 4.302653.
    assertThat(statistic.error()).isCloseTo(4.302653 / Math.sqrt(3), within(1e-5));
  }

  @Test
  void lessThanThreeForksTellNoError() {
    assertThat(Statistic.of(5.0).error()).isNaN();
    assertThat(Statistic.of(5.0, 6.0).error()).isNaN();
    assertThat(Statistic.of(5.0, 6.0).mean()).isEqualTo(5.5);
  }

  @Test
  void noValuesAreRefused() {
    assertThatThrownBy(() -> Statistic.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aChangeHasTheErrorOfBoth() {
    Statistic old = new Statistic(3, 100, 3, 0, 0);
    Statistic now = new Statistic(3, 150, 6, 0, 0);

    Statistic.Change change = now.since(old);

    assertThat(change.relative()).isCloseTo(0.5, within(1e-12));
    // 3 % and 4 % together are 5 %, of 1.5.
    assertThat(change.error()).isCloseTo(0.075, within(1e-12));
    assertThat(change.isSignificant()).isTrue();
  }

  @Test
  void aChangeWithinTheErrorMeansNothing() {
    Statistic old = new Statistic(3, 100, 10, 0, 0);

    assertThat(new Statistic(3, 105, 10, 0, 0).since(old).isSignificant()).isFalse();
    assertThat(Statistic.of(200.0).since(old).isSignificant()).isFalse();
  }
}
