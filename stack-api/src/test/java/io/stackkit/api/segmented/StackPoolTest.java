package io.stackkit.api.segmented;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StackPoolTest {

  private final FakeAllocator allocator = new FakeAllocator(4096);
  private final StackPool pool = StackPool.on(allocator);

  @AfterEach
  void nothingIsLeft() {
    pool.close();
    assertThat(allocator.inUse()).as("segments in use").isZero();
    assertThat(allocator.largeInUse()).as("large segments in use").isZero();
    assertThat(allocator.leases()).as("leases").isZero();
    allocator.close();
  }

  @Test
  void nestedFramesAreOnTheSameStack() {
    try (StackFrame outer = pool.push()) {
      MemorySegment first = outer.allocate(8, 8);
      try (StackFrame inner = pool.push();
          Arena arena = pool.pushArena()) {
        assertThat(inner.depth()).isEqualTo(2);
        assertThat(arena.allocate(8, 8).address()).isEqualTo(first.address() + 8);
        assertThatIllegalStateException()
            .isThrownBy(outer::close)
            .withMessageContaining("arena at depth 3");
      }
    }
    assertThat(pool.stacks()).isEqualTo(1);
  }

  @Test
  void anIdleStackIsUsedAgain() {
    for (int i = 0; i < 100; i++) {
      try (StackFrame frame = pool.push()) {
        assertThat(frame.depth()).isEqualTo(1);
        frame.allocate(10_000);
        frame.allocate(3000);
        frame.allocate(3000);
      }
    }
    assertThat(pool.stacks()).isEqualTo(1);
    assertThat(allocator.inUse()).isEqualTo(1);
  }

  @Test
  void aFrameIsOfNoUseAfterTheStackWentBack() {
    StackFrame frame = pool.push();
    frame.close();
    assertThatIllegalStateException()
        .isThrownBy(frame::close)
        .withMessageContaining("frame at depth 1 is closed");
    assertThatIllegalStateException().isThrownBy(() -> frame.allocate(1));
  }

  @ParameterizedTest(name = "{0} threads at a time")
  @ValueSource(ints = {1, 7, 300})
  @DisplayName(
      "there are as many stacks as threads were inside at once, and slots at most keep a segment")
  void boundedByThreadsInside(int alive) throws Exception {
    for (int round = 0; round < 2000 / alive; round++) {
      CountDownLatch inside = new CountDownLatch(alive);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < alive; i++) {
        Thread.Builder builder = i % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform();
        threads.add(builder.start(() -> meetInside(inside)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    // an idle home stack serves the threads of its own slot only
    assertThat(pool.stacks()).isLessThanOrEqualTo(pool.slots() + alive);
    assertThat(allocator.inUse()).isLessThanOrEqualTo(pool.slots());
  }

  private void meetInside(CountDownLatch inside) {
    try (StackFrame outer = pool.push()) {
      long id = Thread.currentThread().threadId();
      MemorySegment memory = outer.allocateFrom(ValueLayout.JAVA_LONG, id);
      inside.countDown();
      inside.await();
      try (StackFrame inner = pool.push()) {
        inner.allocate(5000);
        assertThat(inner.depth()).isEqualTo(2);
      }
      assertThat(memory.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(id);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void manyThreadsGoInAndOut() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Thread.Builder builder = i % 4 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
      threads.add(
          builder.start(
              () -> {
                try {
                  for (int turn = 0; turn < 200; turn++) {
                    nest(ThreadLocalRandom.current().nextInt(1, 12));
                  }
                } catch (Throwable e) {
                  failure.set(e);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failure.get()).isNull();
    assertThat(allocator.inUse()).isLessThanOrEqualTo(pool.slots());
  }

  private void nest(int depth) {
    try (StackFrame frame = pool.push()) {
      long mark = Thread.currentThread().threadId() * 1000 + depth;
      MemorySegment memory = frame.allocate(600, 8);
      memory.set(ValueLayout.JAVA_LONG, 0, mark);
      if (depth > 1) {
        nest(depth - 1);
      } else if (mark % 3 == 0) {
        LockSupport.parkNanos(1);
      }
      assertThat(memory.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(mark);
    }
  }

  @Test
  @DisplayName("what a thread left open when it died is taken up by the next one")
  void deadThreads() throws Exception {
    Queue<Integer> depths = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < 20 * pool.slots(); i++) {
      Thread.Builder builder = i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
      builder
          .start(
              () -> {
                StackFrame frame = pool.push();
                depths.add(frame.depth());
                frame.allocate(9000);
                pool.pushArena().allocate(3000);
              })
          .join();
    }
    assertThat(depths).containsOnly(1);
    assertThat(pool.stacks()).isLessThanOrEqualTo(pool.slots());
    assertThat(allocator.inUse()).isLessThanOrEqualTo(pool.slots());
    for (int i = 0; i < 4 * pool.slots(); i++) {
      Thread.ofPlatform().start(() -> pool.push().close()).join();
    }
    assertThat(allocator.largeInUse()).isZero();
  }

  @Test
  void aClosedPoolGetsItsStacksBackWhenTheirFramesClose() {
    StackFrame frame = pool.push();
    frame.allocate(100);
    pool.close();
    assertThat(allocator.inUse()).isEqualTo(1);
    try (StackFrame nested = pool.push()) {
      assertThat(nested.depth()).isEqualTo(2);
    }
    frame.close();
    assertThat(allocator.inUse()).isZero();
    assertThatIllegalStateException()
        .isThrownBy(pool::push)
        .withMessageContaining("pool of stacks is closed");
    assertThatIllegalStateException().isThrownBy(pool::pushArena);
    pool.close();
  }

  @Test
  void keepsNoLargeSegmentsWhileIdle() {
    FakeAllocator big = new FakeAllocator(1 << 20);
    try (StackPool bigPool = StackPool.on(big)) {
      try (StackFrame frame = bigPool.push()) {
        frame.allocate(8);
        assertThat(big.inUse()).isEqualTo(1);
      }
      assertThat(big.inUse()).isZero();
    }
    big.close();
  }

  @Test
  void anOutermostFrameThatCannotBeOpenedLeavesNothingBorrowed() {
    FakeAllocator closing = new FakeAllocator(4096);
    try (StackPool onClosing = StackPool.on(closing)) {
      StackFrame frame = onClosing.push();
      frame.close();
      closing.close();
      StackFrame again = onClosing.push();
      assertThatIllegalStateException().isThrownBy(() -> again.allocate(1));
      again.close();
      assertThat(onClosing.stacks()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("a closed pool takes back what threads that died with a frame open had")
  void closesStacksOfDeadThreads() throws Exception {
    inMySlot(this::dieInside).join();
    assertThat(allocator.inUse()).as("the home stack's").isPositive();
    pool.close();
    assertThat(allocator.inUse()).isZero();
    assertThat(allocator.largeInUse()).isZero();
    assertThat(allocator.leases()).isZero();
  }

  @Test
  @DisplayName(
      "of the stacks that share a slot a closed pool takes back those of dead threads only")
  void closesOtherStacksOfDeadThreads() throws Exception {
    CyclicBarrier closed = new CyclicBarrier(5);
    AtomicInteger found = new AtomicInteger();
    List<Thread> alive = new ArrayList<>();
    StackFrame mine = pool.push(); // the home stack
    mine.allocate(8);
    for (int i = 0; i < 16; i++) {
      if (i % 4 == 3) {
        CountDownLatch inside = new CountDownLatch(1);
        alive.add(inMySlot(() -> findOwnStack(inside, closed, found)));
        inside.await();
      } else {
        inMySlot(this::dieInside).join();
      }
    }
    assertThat(allocator.inUse()).isGreaterThan(5);
    pool.close();
    assertThat(allocator.inUse()).isEqualTo(5);
    assertThat(allocator.largeInUse()).isZero();
    closed.await();
    for (Thread thread : alive) {
      thread.join();
    }
    assertThat(found).as("threads that found their stack").hasValue(4);
    mine.close();
    assertThat(allocator.inUse()).isZero();
  }

  @Test
  void aSecondCloseTakesBackWhatThreadsHadThatDiedLater() throws Exception {
    CyclicBarrier closed = new CyclicBarrier(2);
    CountDownLatch inside = new CountDownLatch(1);
    Thread thread =
        inMySlot(
            () -> {
              pool.push().allocate(8);
              inside.countDown();
              await(closed);
            });
    inside.await();
    pool.close();
    closed.await();
    thread.join();
    assertThat(allocator.inUse()).isEqualTo(1);
    pool.close();
    assertThat(allocator.inUse()).isZero();
  }

  @Test
  @DisplayName("a stack that could not be lent because the pool was being closed is not overlooked")
  void closedWhileAStackIsLent() throws Exception {
    try (StackFrame frame = pool.push()) {
      frame.allocate(8);
    }
    allocator.beforeNextLocal(
        () -> {
          pool.close();
          throw new IllegalCallerException("not lent");
        });
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread = inMySlot(pool::push, failure);
    thread.join();
    assertThat(failure.get()).isInstanceOf(IllegalCallerException.class);
    assertThat(allocator.inUse()).isZero();
  }

  @Test
  void namesWhatMustNotBeNull() {
    assertThatNullPointerException().isThrownBy(() -> StackPool.on(null)).withMessage("allocator");
    assertThatNullPointerException()
        .isThrownBy(() -> StackPool.on(allocator, null))
        .withMessage("settings");
  }

  private void dieInside() {
    StackFrame frame = pool.push();
    frame.allocate(8);
    frame.allocate(10_000);
    pool.pushArena().allocate(3000);
  }

  private void findOwnStack(CountDownLatch inside, CyclicBarrier closed, AtomicInteger found) {
    try (StackFrame frame = pool.push()) {
      frame.allocate(8);
      inside.countDown();
      await(closed);
      try (StackFrame nested = pool.push()) {
        if (nested.depth() == 2) {
          found.incrementAndGet();
        }
      }
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private Thread inMySlot(Runnable work) {
    return inMySlot(work, new AtomicReference<>());
  }

  /// Starts a thread that is served by the same slot as the calling one.
  private Thread inMySlot(Runnable work, AtomicReference<Throwable> failure) {
    int mask = pool.slots() - 1;
    long wanted = Thread.currentThread().threadId() & mask;
    Thread thread;
    do {
      thread =
          Thread.ofPlatform().uncaughtExceptionHandler((_, e) -> failure.set(e)).unstarted(work);
    } while ((thread.threadId() & mask) != wanted);
    thread.start();
    return thread;
  }
}
