package io.stackkit.bench.workload;

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

/// Two contenders in one JVM, in turns of 30 ms, longer where more than two threads share a
/// processor: what else happens on the machine in a second happens to both.
///
/// JVMs that do the same differ by what the JIT compiler happens to inline and by where the heap
/// and the segments happen to lie, and a machine that others use differs from minute to minute. On
/// such a machine the means of a handful of forks tell apart what differs by a third; this tells
/// apart what differs by some percent. What is left are the differences between JVMs, so that
/// several forks are needed here as well.
///
/// Each side has all classes for itself but the JDK's. So what passes classes of its own through
/// the JDK's code (an arena that is not the JDK's, a native call with its allocator) is not
/// compared so: the JDK's internal BufferStack was slower beside the kit's arenas than by itself.
///
/// Run with `stack-bench/bench --paired --workload deep,burst128 --threads 1,2,8`.
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class PairedBenchmark {

  /// The benchmark's name.
  public static final String NAME = PairedBenchmark.class.getName() + ".paired";

  /// What is done.
  @Param("deep")
  public String workload;

  /// What is compared with, as [io.stackkit.bench.peer.Contender#parse(String)] reads it.
  @Param("fixalloc")
  public String baseline;

  /// What is measured.
  @Param("cached")
  public String contender;

  /// Number of threads.
  @Param("1")
  public int workers;

  /// How long each contender runs before anything counts, in milliseconds; two turns at least,
  /// which take the longer the more threads share a processor.
  @Param("1600")
  public int warmupMillis;

  /// How long each contender is measured, in milliseconds; two turns at least.
  @Param("2000")
  public int millis;

  private Lane first;
  private Lane second;
  private double times;

  /// Returns how long one side runs before the other has its turn.
  ///
  /// @param workers number of threads
  /// @return milliseconds, on a machine like this one
  public static int turnMillis(int workers) {
    return Turns.turnMillis(workers, Runtime.getRuntime().availableProcessors());
  }

  /// Opens both contenders.
  @Setup
  public void open() {
    Workload what = Workload.named(workload).iterator().next();
    first = Lanes.open(what, baseline);
    second = Lanes.open(what, contender);
  }

  /// Publishes what came of it, and closes both.
  @TearDown
  public void close() {
    Figures.atTheEnd(second.sysBytes(), second.machines()).withTimes(times).publish();
    second.close();
    first.close();
  }

  /// The whole comparison.
  @Benchmark
  public void paired() throws InterruptedException {
    try (Turns turns = new Turns(first, second, workers)) {
      turns.warmUp(warmupMillis);
      times = turns.compare(millis);
    }
  }
}
