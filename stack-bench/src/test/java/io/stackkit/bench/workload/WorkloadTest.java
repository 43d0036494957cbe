package io.stackkit.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

class WorkloadTest {

  @ParameterizedTest
  @EnumSource
  void isABenchmarkOfJmhs(Workload workload) {
    OutputFormat silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);

    assertThat(BenchmarkList.defaultList().find(silent, List.of(workload.benchmark()), List.of()))
        .extracting(BenchmarkListEntry::getUsername)
        .contains(workload.benchmark());
  }

  @Test
  void canBeAskedForByGroup() {
    assertThat(Workload.named("churn"))
        .containsExactly(Workload.CHURN, Workload.CHURN_VIRTUAL_32, Workload.CHURN_VIRTUAL_1000);
    assertThat(Workload.named("burst128")).containsExactly(Workload.BURST_128);
    assertThat(Workload.named("none")).isEmpty();
  }
}
