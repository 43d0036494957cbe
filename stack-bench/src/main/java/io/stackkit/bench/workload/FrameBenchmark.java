package io.stackkit.bench.workload;

import io.stackkit.bench.peer.BlockSource;
import io.stackkit.bench.peer.Contender;
import io.stackkit.bench.peer.Scratch;
import io.stackkit.bench.peer.ScratchSource;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Scratch memory in frames of 512 bytes: recursions of 1, 10 and 1024 levels, a frame that crosses
/// the edge of a segment of 4 KiB again and again (Go's hot split) beside one that does not, and
/// native calls that need a struct. Larger segments, and contenders without any, have no edge
/// there: with them the hot split is one more frame that fits.
///
/// Run with `stack-bench/bench --workload frames,hotsplit,nosplit,native --allocators cached
/// cached,segmentSize=64k arena:cached dirty:cached lwjgl-stack lwjgl-segment-stack jdk-bufferstack
/// arena-confined malloc contiguous`.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FrameBenchmark {

  static final int SHALLOW = 10;
  static final int DEEP = 1024;
  static final long DIVISOR = 1009;

  /// The source that all threads share.
  @State(Scope.Benchmark)
  @SuppressWarnings("NullAway.Init") // JMH calls the set-up first
  public static class Shared extends SharedState {

    /// What is measured, as [Contender#parse(String)] reads it.
    @Param("cached")
    public String contender;

    private ScratchSource source;

    /// Opens the source.
    @Setup(Level.Trial)
    public void open() {
      source = Contender.parse(contender).openScratch();
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

    Scratch scratch;
    private long dividend;

    /// Returns the size of a frame that lies below all others; 0 for none.
    long baseBytes() {
      return 0;
    }

    /// Opens the thread's scratch memory.
    @Setup(Level.Trial)
    public void open(Shared shared) {
      shared.enter();
      scratch = shared.source.scratch();
      if (baseBytes() > 0) {
        scratch.base(baseBytes());
      }
      dividend = System.nanoTime();
    }

    /// Closes it.
    @TearDown(Level.Trial)
    public void close(Shared shared) {
      scratch.close();
      shared.leave();
    }
  }

  /// With so little left of the first segment, if it has 4 KiB, that a frame takes another one.
  public static class AtTheEdge extends Worker {
    @Override
    long baseBytes() {
      return FrameBenchmark.baseBytes(Workload.HOTSPLIT);
    }
  }

  /// With a frame below as well, and room left.
  public static class OffTheEdge extends Worker {
    @Override
    long baseBytes() {
      return FrameBenchmark.baseBytes(Workload.NOSPLIT);
    }
  }

  /// Returns the size of the frame that lies below all others; 0 for none.
  static long baseBytes(Workload workload) {
    return switch (workload) {
      case HOTSPLIT -> BlockSource.BLOCK_BYTES - Scratch.FRAME_BYTES / 2;
      case NOSPLIT -> Scratch.FRAME_BYTES / 2;
      default -> 0;
    };
  }

  /// One level.
  @Benchmark
  public long frames1(Worker worker) {
    return worker.scratch.recurse(1);
  }

  /// Ten levels, per level.
  @Benchmark
  @OperationsPerInvocation(SHALLOW)
  public long frames10(Worker worker) {
    return worker.scratch.recurse(SHALLOW);
  }

  /// 1024 levels, per level.
  @Benchmark
  @OperationsPerInvocation(DEEP)
  public long frames1024(Worker worker) {
    return worker.scratch.recurse(DEEP);
  }

  /// A frame that does not fit into what is left of a segment of 4 KiB.
  @Benchmark
  public long hotsplit(AtTheEdge worker) {
    return worker.scratch.recurse(1);
  }

  /// The same frame where it fits.
  @Benchmark
  public long nosplit(OffTheEdge worker) {
    return worker.scratch.recurse(1);
  }

  /// `clock_gettime` with a `timespec`.
  @Benchmark
  public long nativeClock(Worker worker) {
    return worker.scratch.clock();
  }

  /// `ldiv`, which returns a struct by value.
  @Benchmark
  public long nativeStruct(Worker worker) {
    return worker.scratch.ldiv(worker.dividend, DIVISOR);
  }
}
