package io.stackkit.bench.workload;

import io.stackkit.bench.peer.Hand;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Blocks that a thread takes, touches and frees itself: one at a time, or so many that a bounded
/// cache must give some away and get them back.
///
/// Run with `stack-bench/bench --workload pair,burst128,burst1024 --threads 1,2,8`.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BlockBenchmark {

  static final int SMALL_BURST = 128;
  static final int LARGE_BURST = 1024;

  /// A benchmark thread's own part.
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init") // JMH calls the set-up first
  public static class Worker {

    private Hand hand;
    private Object crate;

    /// Opens the thread's hand.
    @Setup(Level.Trial)
    public void open(SharedSource shared) {
      hand = shared.enterWithHand();
      crate = hand.crate(LARGE_BURST);
    }

    /// Closes it.
    @TearDown(Level.Trial)
    public void close(SharedSource shared) {
      hand.close();
      shared.leave();
    }
  }

  /// Allocates blocks, then frees them, newest first.
  static void burst(Hand hand, Object crate, int blocks) {
    for (int i = 0; i < blocks; i++) {
      hand.take(crate, i);
    }
    for (int i = blocks - 1; i >= 0; i--) {
      hand.give(crate, i);
    }
  }

  /// One block, allocated and freed.
  @Benchmark
  public void pair(Worker worker) {
    worker.hand.pair();
  }

  /// 128 blocks: four times a cache of 32.
  @Benchmark
  @OperationsPerInvocation(SMALL_BURST)
  public void burst128(Worker worker) {
    burst(worker.hand, worker.crate, SMALL_BURST);
  }

  /// 1024 blocks.
  @Benchmark
  @OperationsPerInvocation(LARGE_BURST)
  public void burst1024(Worker worker) {
    burst(worker.hand, worker.crate, LARGE_BURST);
  }
}
