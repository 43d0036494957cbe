package io.stackkit.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class StatsTest {

  private static final MachineStats ONE = new MachineStats(1, 2, 3, 5, 7, 11, 13);
  private static final MachineStats TWO = new MachineStats(2, -20, 30, 50, 70, 110, 130);

  @Test
  void figuresOfMachinesAddUpUnderTheFirstId() {
    assertThat(ONE.plus(TWO)).isEqualTo(new MachineStats(1, -18, 33, 55, 77, 121, 143));
    assertThat(TWO.plus(ONE).id()).isEqualTo(2);
  }

  @Test
  void minusUndoesPlus() {
    assertThat(ONE.plus(TWO).minus(TWO)).isEqualTo(ONE);
    assertThat(ONE.minus(ONE)).isEqualTo(new MachineStats(1, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void figuresOfLargeSegmentsAddUp() {
    LargeStats sum = new LargeStats(1, 2, 3, 4).plus(new LargeStats(10, 20, 30, 40));
    assertThat(sum).isEqualTo(new LargeStats(11, 22, 33, 44));
    assertThat(sum.sysBytes()).isEqualTo(33);
    assertThat(sum.plus(LargeStats.NONE)).isEqualTo(sum);
  }

  @Test
  void anExhaustedAllocatorTellsItsFigures() {
    StackExhaustedException limit = new StackExhaustedException(4096, 60 << 10, 1024, 64 << 10);
    assertThat(limit)
        .hasMessage(
            "maxBytes: 64k reached: requested 4k, in use 60k, idle 1k;"
                + " free segments or raise maxBytes");
    assertThat(limit.requestedBytes()).isEqualTo(4096);
    assertThat(limit.inUseBytes()).isEqualTo(60 << 10);
    assertThat(limit.idleBytes()).isEqualTo(1024);
    assertThat(limit.limitBytes()).isEqualTo(64 << 10);
    assertThat(new StackExhaustedException(4096, 0, 0, Long.MAX_VALUE))
        .hasMessageStartingWith("the system refuses more memory: requested 4k");
  }
}
