package io.stackkit.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class TurnsTest {

  private static final int MILLIS = 600;

  private final AtomicInteger open = new AtomicInteger();

  @Test
  void tellsHowManyTimesTheFirstOnesTheTimeIs() throws InterruptedException {
    try (Turns turns = new Turns(lane(300_000), lane(100_000), 3)) {
      turns.warmUp(60);
      assertThat(open).hasValue(6);
      // as exact as turns are equally long
      assertThat(turns.compare(MILLIS)).isBetween(2.0, 4.5);
    }
    assertThat(open).hasValue(0);
  }

  /// So that in each of them every thread runs several times.
  @ParameterizedTest
  @CsvSource({"1, 2, 30", "4, 2, 30", "5, 2, 60", "16, 2, 120", "32, 2, 240", "32, 16, 30"})
  void turnsAreLongerWhereThreadsShareProcessors(int workers, int processors, int millis) {
    assertThat(Turns.turnMillis(workers, processors)).isEqualTo(millis);
  }

  @Test
  void aFailureEndsTheComparison() throws InterruptedException {
    try (Turns turns = new Turns(lane(1), lane(-1), 3)) {
      assertThatThrownBy(() -> turns.compare(MILLIS))
          .isInstanceOf(IllegalStateException.class)
          .hasRootCauseInstanceOf(UnsupportedOperationException.class);
    }
    assertThat(open).hasValue(0);
  }

  /// @param operations how many it says it has done, whenever it is stopped; -1 to fail
  private Lane lane(long operations) {
    return new Lane() {
      @Override
      public Worker worker() {
        open.incrementAndGet();
        return new Waiting(operations);
      }

      @Override
      public long sysBytes() {
        return -1;
      }

      @Override
      public int machines() {
        return -1;
      }

      @Override
      public void close() {}
    };
  }

  private final class Waiting implements Lane.Worker {

    private final long operations;

    Waiting(long operations) {
      this.operations = operations;
    }

    @Override
    public long run(AtomicBoolean stop) {
      if (operations < 0) {
        throw new UnsupportedOperationException("no more");
      }
      while (!stop.get()) {
        Thread.onSpinWait();
      }
      return operations;
    }

    @Override
    public void close() {
      open.decrementAndGet();
    }
  }
}
