package io.stackkit.bench.workload;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackAllocators;
import io.stackkit.api.segmented.SegmentedStack;
import io.stackkit.bench.peer.BlockSource;
import io.stackkit.bench.peer.Contender;
import io.stackkit.bench.peer.Hand;
import io.stackkit.bench.peer.Scratch;
import io.stackkit.bench.peer.ScratchSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

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
      case GROWTH -> new Growth(who, what.size());
      case OWN_BLOCKS -> new Blocks(who.openBlocks(), what.size());
      case SCRATCH -> new Frames(who.openScratch(), what);
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

  private static final class Growth implements Lane {

    private final StackAllocator allocator;
    private final int calls;

    Growth(Contender contender, int calls) {
      this.allocator = StackAllocators.open(AllocatorOptions.parse(contender.spec()));
      this.calls = calls;
    }

    @Override
    public Worker worker() {
      SegmentedStack stack = Recursion.stack(allocator);
      return new Loop(
          () -> {
            Recursion.recurse(stack, calls);
            return 0;
          },
          stack::close);
    }

    @Override
    public long sysBytes() {
      return allocator.sysBytes();
    }

    @Override
    public int machines() {
      return allocator.machines().size();
    }

    @Override
    public void close() {
      allocator.close();
    }
  }

  private static final class Blocks implements Lane {

    private final BlockSource source;
    private final int blocks;

    Blocks(BlockSource source, int blocks) {
      this.source = source;
      this.blocks = blocks;
    }

    @Override
    public Worker worker() {
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

  private static final class Frames implements Lane {

    private final ScratchSource source;
    private final Workload workload;

    Frames(ScratchSource source, Workload workload) {
      this.source = source;
      this.workload = workload;
    }

    @Override
    public Worker worker() {
      Scratch scratch = source.scratch();
      long base = FrameBenchmark.baseBytes(workload);
      if (base > 0) {
        scratch.base(base);
      }
      int levels = workload.size();
      return new Loop(() -> scratch.recurse(levels), scratch::close);
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
}
