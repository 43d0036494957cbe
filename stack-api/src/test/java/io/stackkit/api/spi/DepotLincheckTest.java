package io.stackkit.api.spi;

import static io.stackkit.api.spi.Machine.EMPTY;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.List;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The depot under all interleavings of a few steps of three threads.
class DepotLincheckTest {

  private static final int THREADS = 3;
  private static final int BATCHES = 4;

  /// Enough to find a missing version, which has been tried.
  private static ModelCheckingOptions few() {
    return new ModelCheckingOptions()
        .threads(2)
        .actorsPerThread(3)
        .actorsBefore(0)
        .actorsAfter(2)
        .iterations(8)
        .invocationsPerIteration(300);
  }

  private static ModelCheckingOptions many() {
    return few().threads(THREADS).iterations(40).invocationsPerIteration(3_000);
  }

  /// Needs the versions: without them a popper that was overtaken by two pops and a push installs a
  /// link that is out of date.
  @Test
  void oneShardIsAStack() {
    few().sequentialSpecification(StackModel.class).check(OneShard.class);
  }

  /// Needs a second look: with one, a batch that moves to a shard already looked at is missed.
  @Test
  void isNeverEmptyWhileABatchMoves() {
    few().sequentialSpecification(NeverEmpty.class).check(MovingBatch.class);
  }

  @Test
  @Tag("wide")
  void oneShardIsAStackForThreeThreads() {
    many().sequentialSpecification(StackModel.class).check(OneShard.class);
  }

  @Test
  @Tag("wide")
  void isNeverEmptyWhileBatchesMove() {
    many().sequentialSpecification(NeverEmpty.class).check(MovingBatch.class);
  }

  /// What both the depot and its model are asked to do. Threads push what they have popped: only
  /// whoever holds a batch may push it.
  abstract static class Steps {

    private final List<ArrayDeque<Integer>> held =
        List.of(new ArrayDeque<>(), new ArrayDeque<>(), new ArrayDeque<>());

    abstract void push(int first);

    abstract int pop();

    @Operation
    public int take(@Param(gen = ThreadIdGen.class) int thread) {
      int first = pop();
      if (first != EMPTY) {
        // the oldest goes back first, which is what brings a head back with another link
        mine(thread).add(first);
      }
      return first;
    }

    @Operation
    public int put(@Param(gen = ThreadIdGen.class) int thread) {
      Integer first = mine(thread).poll();
      if (first == null) {
        return EMPTY;
      }
      push(first);
      return first;
    }

    private ArrayDeque<Integer> mine(int thread) {
      return held.get(thread % THREADS);
    }
  }

  /// The depot with one shard. What is taken out goes back to the system for as long as it is out.
  public static class OneShard extends Steps {

    private final TestAllocator allocator = TestAllocator.withBareHandles(1, BATCHES);
    private final Depot depot = allocator.theDepot();

    /// Fills it.
    public OneShard() {
      for (int i = 0; i < BATCHES; i++) {
        depot.push(0, i);
      }
    }

    @Override
    void push(int first) {
      allocator.segments[first] = new PooledSegment(allocator, MemorySegment.NULL, first);
      depot.push(0, first);
    }

    @Override
    int pop() {
      int first = depot.pop(0, 1);
      if (first != EMPTY) {
        allocator.segments[first] = null;
      }
      return first;
    }
  }

  /// What it must look like.
  public static class StackModel extends Steps {

    private final ArrayDeque<Integer> stack = new ArrayDeque<>();

    /// Fills it.
    public StackModel() {
      for (int i = 0; i < BATCHES; i++) {
        stack.push(i);
      }
    }

    @Override
    void push(int first) {
      stack.push(first);
    }

    @Override
    int pop() {
      return stack.isEmpty() ? EMPTY : stack.pop();
    }
  }

  /// Two shards and a batch that is always in one of them: the next one is put in before the last
  /// one is taken out.
  public static class MovingBatch {

    private final Depot depot = TestAllocator.withBareHandles(2, THREADS + 1).theDepot();
    private final int[] spare = {0, 1, 2};

    /// Puts the batch in.
    public MovingBatch() {
      depot.push(0, THREADS);
    }

    /// Moves on.
    @Operation
    public void move(@Param(gen = ThreadIdGen.class) int thread) {
      int mine = thread % THREADS;
      for (int shard = 1; shard >= 0 && spare[mine] != EMPTY; shard--) {
        depot.push(shard, spare[mine]);
        // may miss a batch that others move meanwhile; every thread holds at most one, so one of
        // the four is always in
        spare[mine] = depot.pop(1 - shard, 1);
      }
    }

    /// Looks.
    @Operation
    public boolean isEmpty() {
      return depot.isEmpty();
    }
  }

  /// What looks must find.
  public static class NeverEmpty {

    /// Changes nothing that can be seen.
    @Operation
    public void move(@Param(gen = ThreadIdGen.class) int thread) {}

    /// Says no.
    @Operation
    public boolean isEmpty() {
      return false;
    }
  }
}
