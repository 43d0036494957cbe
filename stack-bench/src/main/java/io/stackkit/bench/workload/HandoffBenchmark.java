package io.stackkit.bench.workload;

import io.stackkit.bench.peer.Hand;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jctools.queues.MpmcArrayQueue;
import org.jctools.queues.SpscArrayQueue;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Control;

/// Blocks that one thread takes and another frees: in pairs of threads (*handoff*), or among all of
/// them (*xmalloc*).
///
/// Blocks travel in crates of 32 through bounded queues, and empty crates travel back, so that the
/// queues cost little and the threads keep in step: the time is that of the slower side.
///
/// Run with `stack-bench/bench --workload handoff,xmalloc --threads 2,8`.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HandoffBenchmark {

  private static final int CRATE = 32;
  private static final int CRATES = 16;

  /// The two queues between those who take and those who free.
  public abstract static class Belt {

    private final Queue<Object> full;
    private final Queue<Object> empty;
    private boolean supplied;

    Belt(Queue<Object> full, Queue<Object> empty) {
      this.full = full;
      this.empty = empty;
    }

    final synchronized void supply(Hand hand) {
      for (int i = 0; !supplied && i < CRATES; i++) {
        empty.add(hand.crate(CRATE));
      }
      supplied = true;
    }

    final synchronized void drain(Hand hand) {
      for (Object crate = full.poll(); crate != null; crate = full.poll()) {
        empty(hand, crate);
      }
    }

    final void produce(Hand hand, Control control) {
      Object crate = next(empty, control);
      if (crate != null) {
        for (int i = 0; i < CRATE; i++) {
          hand.take(crate, i);
        }
        full.add(crate);
      }
    }

    final void consume(Hand hand, Control control) {
      Object crate = next(full, control);
      if (crate != null) {
        empty(hand, crate);
        empty.add(crate);
      }
    }

    private static void empty(Hand hand, Object crate) {
      for (int i = 0; i < CRATE; i++) {
        hand.give(crate, i);
      }
    }

    /// The other side may have stopped for good when an iteration ends, and may need the processor
    /// before that.
    @SuppressWarnings("ThreadPriorityCheck") // only while there is nothing to do
    private static @Nullable Object next(Queue<Object> queue, Control control) {
      Object crate = queue.poll();
      for (int spins = 1; crate == null && !control.stopMeasurement; spins++) {
        if ((spins & 63) == 0) {
          Thread.yield();
        } else {
          Thread.onSpinWait();
        }
        crate = queue.poll();
      }
      return crate;
    }
  }

  /// Between two threads.
  @State(Scope.Group)
  public static class PairBelt extends Belt {
    /// For JMH.
    public PairBelt() {
      super(new SpscArrayQueue<>(CRATES), new SpscArrayQueue<>(CRATES));
    }
  }

  /// Between all threads.
  @State(Scope.Benchmark)
  public static class CommonBelt extends Belt {
    /// For JMH.
    public CommonBelt() {
      super(new MpmcArrayQueue<>(CRATES), new MpmcArrayQueue<>(CRATES));
    }
  }

  /// One of a pair.
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init") // JMH calls the set-up first
  public static class PairWorker {

    private Hand hand;

    /// Opens the thread's hand.
    @Setup(Level.Trial)
    public void open(SharedSource shared, PairBelt belt) {
      hand = shared.enterWithHand();
      belt.supply(hand);
    }

    /// Frees what is left on the belt: the last thread at the latest finds all of it.
    @TearDown(Level.Trial)
    public void close(SharedSource shared, PairBelt belt) {
      belt.drain(hand);
      hand.close();
      shared.leave();
    }
  }

  /// One of all.
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init") // JMH calls the set-up first
  public static class CommonWorker {

    private Hand hand;

    /// Opens the thread's hand.
    @Setup(Level.Trial)
    public void open(SharedSource shared, CommonBelt belt) {
      hand = shared.enterWithHand();
      belt.supply(hand);
    }

    /// Frees what is left on the belt: the last thread at the latest finds all of it.
    @TearDown(Level.Trial)
    public void close(SharedSource shared, CommonBelt belt) {
      belt.drain(hand);
      hand.close();
      shared.leave();
    }
  }

  /// Takes blocks for the other thread of the pair.
  @Benchmark
  @Group("handoff")
  @GroupThreads
  @OperationsPerInvocation(CRATE)
  public void handoffTake(PairWorker worker, PairBelt belt, Control control) {
    belt.produce(worker.hand, control);
  }

  /// Frees the blocks of the other thread of the pair.
  @Benchmark
  @Group("handoff")
  @GroupThreads
  @OperationsPerInvocation(CRATE)
  public void handoffFree(PairWorker worker, PairBelt belt, Control control) {
    belt.consume(worker.hand, control);
  }

  /// Takes blocks for anyone.
  @Benchmark
  @Group("xmalloc")
  @GroupThreads
  @OperationsPerInvocation(CRATE)
  public void xmallocTake(CommonWorker worker, CommonBelt belt, Control control) {
    belt.produce(worker.hand, control);
  }

  /// Frees anyone's blocks.
  @Benchmark
  @Group("xmalloc")
  @GroupThreads
  @OperationsPerInvocation(CRATE)
  public void xmallocFree(CommonWorker worker, CommonBelt belt, Control control) {
    belt.consume(worker.hand, control);
  }
}
