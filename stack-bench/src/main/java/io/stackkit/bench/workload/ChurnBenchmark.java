package io.stackkit.bench.workload;

import io.stackkit.bench.peer.BlockSource;
import io.stackkit.bench.peer.Contender;
import io.stackkit.bench.peer.Hand;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Memory where threads come and go: 16,384 of them, platform or virtual, with a bound on how many
/// are alive, of which each takes 128 blocks, sleeps 1 ms and frees them; and 100,000 virtual
/// threads that are all alive at once with 4 blocks each.
///
/// Run with `stack-bench/bench --workload churn,virtual`.
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class ChurnBenchmark {

  private static final int THREADS = 16_384;
  private static final int BLOCKS = 128;
  private static final int CROWD = 100_000;
  private static final int CROWD_BLOCKS = 4;

  /// What is measured, as [Contender#parse(String)] reads it.
  @Param("cached")
  public String contender;

  /// Share of the threads that is run.
  @Param("1")
  public double scale;

  /// How often it is done over.
  @Param("1")
  public int repeats;

  private BlockSource source;
  private MemoryMeter meter;

  /// Opens the source.
  @Setup
  public void open() {
    source = Contender.parse(contender).openBlocks();
    meter = new MemoryMeter();
  }

  /// Publishes what the source holds, and closes it.
  @TearDown
  public void close() {
    meter.publish(source.sysBytes(), source.machines());
    source.close();
  }

  /// Platform threads, 32 alive.
  @Benchmark
  public void churn() throws InterruptedException {
    meter.repeat(repeats, source::sysBytes, () -> churn(false, 32));
  }

  /// Virtual threads, 32 alive.
  @Benchmark
  public void churnVirtual32() throws InterruptedException {
    meter.repeat(repeats, source::sysBytes, () -> churn(true, 32));
  }

  /// Virtual threads, 1,000 alive.
  @Benchmark
  public void churnVirtual1000() throws InterruptedException {
    meter.repeat(repeats, source::sysBytes, () -> churn(true, 1000));
  }

  /// Virtual threads, all alive at once.
  @Benchmark
  public void virtual() throws InterruptedException {
    meter.repeat(repeats, source::sysBytes, this::crowd);
  }

  private void crowd() throws InterruptedException {
    int threads = scaled(CROWD);
    Lives lives = new Lives(true, threads);
    CountDownLatch all = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      lives.start(
          () ->
              live(
                  CROWD_BLOCKS,
                  () -> {
                    all.countDown();
                    all.await();
                  }));
    }
    lives.await();
  }

  private void churn(boolean virtual, int alive) throws InterruptedException {
    int threads = scaled(THREADS);
    Lives lives = new Lives(virtual, alive);
    for (int i = 0; i < threads; i++) {
      lives.start(() -> live(BLOCKS, Pause::millisecond));
    }
    lives.await();
  }

  private int scaled(int threads) {
    return Math.max(1, (int) Math.round(threads * scale));
  }

  private void live(int blocks, Lives.Life middle) throws InterruptedException {
    long bytes = blocks * source.blockBytes();
    Hand hand = source.hand();
    Object crate = hand.crate(blocks);
    for (int i = 0; i < blocks; i++) {
      hand.take(crate, i);
    }
    meter.take(bytes);
    middle.live();
    meter.give(bytes);
    for (int i = blocks - 1; i >= 0; i--) {
      hand.give(crate, i);
    }
    hand.close();
  }
}
