package io.stackkit.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LanesTest {

  @Test
  void eachHasItsClassesForItself() {
    try (Lane one = Lanes.open(Workload.DEEP, "cached");
        Lane other = Lanes.open(Workload.DEEP, "cached")) {
      assertThat(one.getClass().getName()).isEqualTo(other.getClass().getName());
      assertThat(one.getClass()).isNotEqualTo(other.getClass());
    }
  }

  @Test
  void doesItsWorkloadAtLeastOnce() {
    try (Lane lane = Lanes.open(Workload.BURST_128, "cached,adaptive=0,cacheSize=128")) {
      try (Lane.Worker worker = lane.worker()) {
        assertThat(worker.run(new AtomicBoolean(true))).isEqualTo(1);
      }
      assertThat(lane.sysBytes()).isEqualTo(128 * 4096);
      assertThat(lane.machines()).isEqualTo(1);
    }
  }
}
