package io.stackkit.bench.report;

import io.stackkit.bench.workload.Figures;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.runner.WorkloadParams;

/// JMH's own record of what was run, set right where the forks were run one by one.
final class JmhParams {

  private JmhParams() {}

  /// Returns the same with a number of forks, and without the name of a file that is gone.
  static BenchmarkParams withForks(BenchmarkParams one, int forks) {
    WorkloadParams params = new WorkloadParams();
    int order = 0;
    for (String key : one.getParamsKeys()) {
      params.put(key, one.getParam(key), order++);
    }
    List<String> jvmArgs =
        one.getJvmArgs().stream().filter(arg -> !arg.startsWith("-D" + Figures.PROPERTY)).toList();
    return new BenchmarkParams(
        one.getBenchmark(),
        one.generatedBenchmark(),
        one.shouldSynchIterations(),
        one.getThreads(),
        one.getThreadGroups(),
        one.getThreadGroupLabels(),
        forks,
        one.getWarmupForks(),
        one.getWarmup(),
        one.getMeasurement(),
        one.getMode(),
        params,
        one.getTimeUnit(),
        one.getOpsPerInvocation(),
        one.getJvm(),
        jvmArgs,
        one.getJdkVersion(),
        one.getVmName(),
        one.getVmVersion(),
        one.getJmhVersion(),
        one.getTimeout());
  }
}
