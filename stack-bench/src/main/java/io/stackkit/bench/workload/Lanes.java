package io.stackkit.bench.workload;

import io.stackkit.api.segmented.SegmentedStack;
import io.stackkit.bench.peer.AllocatorSource;
import io.stackkit.bench.peer.BlockSource;
import io.stackkit.bench.peer.Contender;
import io.stackkit.bench.peer.Hand;
import io.stackkit.bench.peer.Scratch;
import io.stackkit.bench.peer.ScratchSource;
import io.stackkit.bench.peer.Source;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Opens lanes: workloads of [BlockBenchmark], [GrowthBenchmark] and [FrameBenchmark] in a form
/// that can be stopped and resumed.
///
/// Each lane comes from a class loader of its own. Two contenders that shared classes would share
/// profiles of them, and each would be compiled for what the other one does.
public final class Lanes {

  private Lanes() {}

  /// Opens a lane in a class loader of its own.
  ///
  /// @param workload one that can be paired
  /// @param contender as [Contender#parse(String)] reads it
  /// @return an open lane that the caller closes
  static Lane open(Workload workload, String contender) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    ClassLoader loader = new LaneLoader();
    thread.setContextClassLoader(loader); // where implementations are looked for
    try {
      return (Lane)
          loader
              .loadClass(Lanes.class.getName())
              .getMethod("openHere", String.class, String.class)
              .invoke(null, workload.name(), contender);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(contender + ": cannot be opened", e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /// Opens a lane with the classes of this one's loader.
  ///
  /// @param workload the name of one that can be paired
  /// @param contender as [Contender#parse(String)] reads it
  /// @return an open lane that the caller closes
  public static Lane openHere(String workload, String contender) {
    Workload what = Workload.valueOf(workload);
    Contender who = Contender.parse(contender);
    return switch (what.need()) {
      case GROWTH -> growth(new AllocatorSource(who.spec()), what.size());
      case OWN_BLOCKS -> blocks(who.openBlocks(), what.size());
      case SCRATCH -> frames(who.openScratch(), what);
      case SHARED_BLOCKS, MANY_THREADS ->
          throw new IllegalArgumentException(what.key() + ": cannot be done in turn");
    };
  }

  /// A thread's part: what it does, and what it does at the end.
  private static final class Loop implements Lane.Worker {

    private final LongSupplier once;
    private final Runnable end;

    /// Where results go, so that none of them can be left out.
    private final AtomicLong sum = new AtomicLong();

    Loop(LongSupplier once, Runnable end) {
      this.once = once;
      this.end = end;
    }

    /// Looks at the flag each time, as JMH's loops do: else C2 makes one of several operations that
    /// do the same.
    @Override
    public long run(AtomicBoolean stop) {
      long done = 0;
      long results = 0;
      do {
        results += once.getAsLong();
        done++;
      } while (!stop.get());
      sum.setPlain(results);
      return done;
    }

    @Override
    public void close() {
      end.run();
    }
  }

  private record SourceLane(Source source, Supplier<Worker> workers) implements Lane {

    @Override
    public Worker worker() {
      return workers.get();
    }

    @Override
    public long sysBytes() {
      return source.sysBytes();
    }

    @Override
    public int machines() {
      return source.machines();
    }

    @Override
    public void close() {
      source.close();
    }
  }

  private static Lane growth(AllocatorSource source, int calls) {
    return new SourceLane(
        source,
        () -> {
          SegmentedStack stack = Recursion.stack(source.allocator());
          return new Loop(
              () -> {
                Recursion.recurse(stack, calls);
                return 0;
              },
              stack::close);
        });
  }

  private static Lane blocks(BlockSource source, int blocks) {
    return new SourceLane(
        source,
        () -> {
          Hand hand = source.hand();
          Object crate = hand.crate(blocks);
          return new Loop(
              () -> {
                if (blocks == 1) {
                  hand.pair();
                } else {
                  BlockBenchmark.burst(hand, crate, blocks);
                }
                return 0;
              },
              hand::close);
        });
  }

  private static Lane frames(ScratchSource source, Workload workload) {
    return new SourceLane(
        source,
        () -> {
          Scratch scratch = source.scratch();
          long base = FrameBenchmark.baseBytes(workload);
          if (base > 0) {
            scratch.base(base);
          }
          int levels = workload.size();
          return new Loop(() -> scratch.recurse(levels), scratch::close);
        });
  }
}
