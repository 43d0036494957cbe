package io.stackkit.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScaleTest {

  @Test
  void figuresOfOneSizeAreOnALinearAxisFromZero() {
    Scale scale = Scale.of(40, 40, 92);

    assertThat(scale.logarithmic()).isFalse();
    assertThat(scale.ticks()).containsExactly(0.0, 20.0, 40.0, 60.0, 80.0, 100.0);
    assertThat(scale.place(25)).isCloseTo(0.25, within(1e-9));
  }

  @Test
  void figuresOfManySizesAreOnALogarithmicAxis() {
    Scale scale = Scale.of(3, 3, 700);

    assertThat(scale.logarithmic()).isTrue();
    assertThat(scale.ticks())
        .containsExactly(2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0);
    assertThat(scale.place(2)).isZero();
    assertThat(scale.place(1000)).isEqualTo(1);
    assertThat(scale.place(Math.sqrt(2000))).isCloseTo(0.5, within(1e-9));
  }

  @Test
  void whatIsOutsideIsAtTheEnd() {
    assertThat(Scale.of(3, 3, 700).place(-1)).isZero();
    assertThat(Scale.of(40, 40, 92).place(200)).isEqualTo(1);
  }

  @Test
  void errorsMoveTheStartOfALogarithmicAxisButDoNotMakeOne() {
    assertThat(Scale.of(3, 0.6, 700).low()).isEqualTo(0.5);
    assertThat(Scale.of(40, 5, 92).logarithmic()).isFalse();
  }

  @Test
  void nothingButZerosHasAnAxisToo() {
    assertThat(Scale.of(0, 0, 0).place(0)).isZero();
  }
}
