package io.stackkit.bench.workload;

import io.stackkit.bench.peer.Hand;
import java.util.SplittableRandom;
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

/// Threads that live, die and hand their blocks on, after Larson and Krishnan's server: a thread
/// inherits 1024 blocks, replaces 20,000 times one at random by a new one, and ends; the next
/// thread inherits what it left. The cost of starting a thread, some 50 µs, is in the time.
///
/// Run with `stack-bench/bench --workload larson --threads 1,2,8`.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LarsonBenchmark {

  private static final int BLOCKS = 1024;
  private static final int REPLACEMENTS = 20_000;

  /// A line of threads, one alive at a time.
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init") // JMH calls the set-up first
  public static class Line {

    private final SplittableRandom random = new SplittableRandom(42);
    private Object crate;

    /// Fills the crate that the first thread inherits.
    @Setup(Level.Trial)
    public void fill(SharedSource shared) {
      Hand hand = shared.enterWithHand();
      crate = hand.crate(BLOCKS);
      for (int i = 0; i < BLOCKS; i++) {
        hand.take(crate, i);
      }
      hand.close();
    }

    /// Frees what the last thread left.
    @TearDown(Level.Trial)
    public void empty(SharedSource shared) {
      Hand hand = shared.source.hand();
      for (int i = 0; i < BLOCKS; i++) {
        hand.give(crate, i);
      }
      hand.close();
      shared.leave();
    }

    private void live(SharedSource shared) {
      Hand hand = shared.source.hand();
      for (int i = 0; i < REPLACEMENTS; i++) {
        int index = random.nextInt(BLOCKS);
        hand.give(crate, index);
        hand.take(crate, index);
      }
      hand.close();
    }
  }

  /// One thread's life.
  @Benchmark
  @OperationsPerInvocation(REPLACEMENTS)
  public void larson(SharedSource shared, Line line) throws InterruptedException {
    Lives lives = new Lives(false, 1);
    lives.start(() -> line.live(shared));
    lives.await();
  }
}
