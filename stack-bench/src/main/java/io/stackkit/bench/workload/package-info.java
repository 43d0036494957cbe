/// The workloads: JMH benchmarks, one class per kind, and [io.stackkit.bench.workload.Workload],
/// the list of them. Those that measure memory are JMH benchmarks too, of a single shot.
@NullMarked
package io.stackkit.bench.workload;

import org.jspecify.annotations.NullMarked;
