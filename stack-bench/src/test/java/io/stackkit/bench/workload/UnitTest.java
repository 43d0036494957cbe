package io.stackkit.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnitTest {

  @Test
  void operationsPerMillisecondBecomeNanosecondsEach() {
    assertThat(Unit.WALL_NS.time(4000)).isEqualTo(250);
  }

  @Test
  void timesStay() {
    assertThat(Unit.NS_PER_BLOCK.time(12.5)).isEqualTo(12.5);
    assertThat(Unit.SECONDS.time(1.5)).isEqualTo(1.5);
  }
}
