package io.stackkit.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FiguresTest {

  @TempDir Path folder;

  @AfterEach
  void clear() {
    System.clearProperty(Figures.PROPERTY);
  }

  @Test
  void areReadAsTheyWereWritten() throws IOException {
    Figures figures = new Figures(1, 2, 3, 4, 5, 1.5);
    Path file = folder.resolve("figures");
    System.setProperty(Figures.PROPERTY, file.toString());

    figures.publish();

    assertThat(Figures.read(file)).isEqualTo(figures);
  }

  @Test
  void areUnknownWhereNoneWereWritten() throws IOException {
    assertThat(Figures.read(folder.resolve("absent"))).isEqualTo(Figures.UNKNOWN);
  }

  @Test
  void thePeakIsWhatWasInUseAtOnce() throws IOException {
    Path file = folder.resolve("figures");
    System.setProperty(Figures.PROPERTY, file.toString());
    MemoryMeter meter = new MemoryMeter();

    meter.take(100);
    meter.take(50);
    meter.give(100);
    meter.take(70);
    meter.publish(999, 7);

    Figures figures = Figures.read(file);
    assertThat(figures.peakInUseBytes()).isEqualTo(150);
    assertThat(figures.sysBytes()).isEqualTo(999);
    assertThat(figures.machines()).isEqualTo(7);
  }
}
