package io.stackkit.bench.workload;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackAllocators;
import io.stackkit.api.StackSegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
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

/// The commit's TestStackMem: 512 rounds of 32 goroutines on 32 Ms; each recurses 128 deep, sleeps
/// 1 ms at the bottom, and returns. The array of 1024 bytes is passed by value, so that a call
/// takes two of them and two calls fill a segment of 4096: 64 segments each, 8 MiB in use at most.
/// What is obtained beyond that is what the design wastes.
///
/// What matters in it is that a goroutine goes on, after its sleep, on whatever M is free then, so
/// that segments are freed elsewhere than they were allocated. A Java thread's stack cannot move.
/// So here the 32 Ms are threads of a pool, and a goroutine is two tasks with 1 ms between them:
/// one makes the calls down and takes the segments, the other, on any thread, returns and frees
/// them.
///
/// Run with `stack-bench/bench --workload stackmem`.
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class StackMemBenchmark {

  private static final int ROUNDS = 512;
  private static final int MACHINES = 32;
  private static final int GOROUTINES = 32;
  private static final int CALLS = 128;
  private static final int CALLS_PER_SEGMENT = 2;
  private static final int FRAME_BYTES = 2048;

  /// What is measured: a spec string.
  @Param("cached")
  public String contender;

  /// Share of the rounds that is run.
  @Param("1")
  public double scale;

  private StackAllocator allocator;
  private MemoryMeter meter;

  /// Opens the allocator.
  @Setup
  public void open() {
    AllocatorOptions options = AllocatorOptions.parse(contender);
    if (options.segmentSize() < CALLS_PER_SEGMENT * FRAME_BYTES) {
      throw new IllegalArgumentException(
          "segmentSize: %d (stackmem puts two frames of 2 KiB into a segment: must be >= 4096)"
              .formatted(options.segmentSize()));
    }
    allocator = StackAllocators.open(options);
    meter = new MemoryMeter();
  }

  /// Publishes what the allocator holds, and closes it.
  @TearDown
  public void close() {
    meter.publish(allocator.sysBytes(), allocator.machines().size());
    allocator.close();
  }

  /// All rounds.
  @Benchmark
  public void stackmem() throws InterruptedException, ExecutionException {
    long rounds = Math.max(1, Math.round(ROUNDS * scale));
    ScheduledExecutorService machines = Executors.newScheduledThreadPool(MACHINES);
    try {
      for (long round = 0; round < rounds; round++) {
        List<Goroutine> goroutines = new ArrayList<>();
        for (int i = 0; i < GOROUTINES; i++) {
          Goroutine goroutine = new Goroutine(machines);
          goroutines.add(goroutine);
          machines.execute(goroutine::call);
        }
        for (Goroutine goroutine : goroutines) {
          goroutine.done.get();
        }
      }
    } finally {
      machines.shutdown();
    }
  }

  private final class Goroutine {

    private final ScheduledExecutorService machines;
    private final StackSegment[] stack = new StackSegment[CALLS / CALLS_PER_SEGMENT];
    private final long bytes = (long) stack.length * allocator.options().segmentSize();
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    Goroutine(ScheduledExecutorService machines) {
      this.machines = machines;
    }

    void call() {
      try {
        for (int i = 0; i < stack.length; i++) {
          StackSegment segment = allocator.allocate();
          for (int frame = 0; frame < CALLS_PER_SEGMENT; frame++) {
            segment.memory().set(ValueLayout.JAVA_LONG, (long) frame * FRAME_BYTES, i);
          }
          stack[i] = segment;
        }
        meter.take(bytes);
        var _ = machines.schedule(this::comeBack, 1, TimeUnit.MILLISECONDS);
      } catch (Throwable e) {
        done.completeExceptionally(e);
      }
    }

    private void comeBack() {
      try {
        meter.give(bytes);
        for (int i = stack.length - 1; i >= 0; i--) {
          allocator.free(stack[i]);
        }
        done.complete(null);
      } catch (Throwable e) {
        done.completeExceptionally(e);
      }
    }
  }
}
