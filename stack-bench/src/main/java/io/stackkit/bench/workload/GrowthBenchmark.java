package io.stackkit.bench.workload;

import io.stackkit.api.segmented.SegmentedStack;
import io.stackkit.bench.peer.AllocatorSource;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// The commit's BenchmarkStackGrowth and BenchmarkStackGrowthDeep: a recursion of 10 and of 1024
/// calls, each with a frame of 1040 bytes, of which three fit into a segment of 4096. The stack
/// keeps no spare segment, as Go's keeps none: 10 calls allocate and free 3 segments (the first one
/// stays), 1024 calls 341.
///
/// As in Go, the time is the wall clock's over the recursions of all threads together: it falls
/// with the number of threads as long as there are processors for them.
///
/// Run with `stack-bench/bench --workload growth,deep --threads 1,2,8`.
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class GrowthBenchmark {

  static final int SHALLOW = 10;
  static final int DEEP = 1024;

  /// The allocator that all threads share.
  @State(Scope.Benchmark)
  @SuppressWarnings("NullAway.Init") // JMH calls the set-up first
  public static class Shared extends SharedState {

    /// What is measured: a spec string.
    @Param("cached")
    public String contender;

    private AllocatorSource source;

    /// Opens the allocator.
    @Setup(Level.Trial)
    public void open() {
      source = new AllocatorSource(contender);
    }

    @Override
    void close() {
      Figures.atTheEnd(source.sysBytes(), source.machines()).publish();
      source.close();
    }
  }

  /// A benchmark thread's own part.
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init") // JMH calls the set-up first
  public static class Worker {

    private SegmentedStack stack;

    /// Opens the thread's stack.
    @Setup(Level.Trial)
    public void open(Shared shared) {
      shared.enter();
      stack = Recursion.stack(shared.source.allocator());
    }

    /// Closes it.
    @TearDown(Level.Trial)
    public void close(Shared shared) {
      stack.close();
      shared.leave();
    }
  }

  /// Ten calls.
  @Benchmark
  public void growth(Worker worker) {
    Recursion.recurse(worker.stack, SHALLOW);
  }

  /// 1024 calls.
  @Benchmark
  public void deep(Worker worker) {
    Recursion.recurse(worker.stack, DEEP);
  }
}
