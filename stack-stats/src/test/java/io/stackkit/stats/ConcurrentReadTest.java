package io.stackkit.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackSegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Reading while threads hand segments on: some only allocate, others only free, so that every
/// segment crosses from one M to another and a reading that looks at one M after the other easily
/// misses some. How many are in use is known to lie between none and what the places between the
/// threads, and the threads themselves, can hold.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConcurrentReadTest {

  private static final int PAIRS = 2;
  private static final int PLACES = 64;
  private static final int MOST_IN_USE = PLACES + 2 * PAIRS;
  private static final int READINGS = 3_000;
  private static final int HANDOFFS = 5_000;

  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicReferenceArray<StackSegment> places = new AtomicReferenceArray<>(PLACES);
  private final CountDownLatch running = new CountDownLatch(2 * PAIRS);

  @ParameterizedTest
  @CsvSource({"false, x", "true, x", "false, 'x,maxBytes=64m'"})
  void isOffByNoMoreThanItsUncertainty(boolean virtual, String spec) throws Exception {
    var allocator = new PrivateListAllocator(spec);
    Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
      threads.add(builder.start(() -> atEachPlace(place -> put(allocator, place))));
    }
    for (int i = 0; i < PAIRS; i++) {
      threads.add(builder.start(() -> atEachPlace(place -> take(allocator, place))));
    }
    running.await();

    MemStats last = MemStats.read(allocator);
    // on a busy machine the other threads may get little done while this one reads
    for (int i = 0; (i < READINGS || last.frees() < HANDOFFS) && failure.get() == null; i++) {
      MemStats now = MemStats.read(allocator);
      assertThat(now.allocators().getFirst().inUse())
          .isBetween(-now.uncertainty(), MOST_IN_USE + now.uncertainty());
      assertThat(now.allocations()).isGreaterThanOrEqualTo(last.allocations());
      assertThat(now.frees()).isGreaterThanOrEqualTo(last.frees());
      last = now;
    }
    stop.set(true);
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(failure.get()).isNull();
    assertThat(last.frees()).as("segments went from thread to thread").isPositive();
    exactAtTheEnd(allocator);
  }

  // Virtual threads that spin would keep the others from ever running. So would yielding ones: they
  // stand in their carriers' own queues, which go before the queue of those not yet started.
  @SuppressWarnings("ThreadPriorityCheck")
  private void atEachPlace(IntPredicate action) {
    try {
      running.countDown();
      for (int place = 0; !stop.get(); place = (place + 1) % PLACES) {
        if (!action.test(place)) {
          if (Thread.currentThread().isVirtual()) {
            LockSupport.parkNanos(1_000);
          } else {
            Thread.yield();
          }
        }
      }
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
  }

  private boolean put(StackAllocator allocator, int place) {
    if (places.get(place) != null) {
      return false;
    }
    StackSegment segment = allocator.allocate();
    if (!places.compareAndSet(place, null, segment)) {
      allocator.free(segment);
    }
    return true;
  }

  private boolean take(StackAllocator allocator, int place) {
    StackSegment segment = places.getAndSet(place, null);
    if (segment != null) {
      allocator.free(segment);
    }
    return segment != null;
  }

  private void exactAtTheEnd(StackAllocator allocator) {
    long left = IntStream.range(0, PLACES).filter(i -> places.get(i) != null).count();
    MemStats end = MemStats.read(allocator);
    assertThat(end.exact()).isTrue();
    assertThat(end.stacksInuse()).isEqualTo(left * 4096L);
    assertThat(end.stacksIdle()).isGreaterThanOrEqualTo(0);

    IntStream.range(0, PLACES).forEach(place -> take(allocator, place));
    MemStats empty = MemStats.read(allocator);
    assertThat(empty.stacksInuse()).isZero();
    assertThat(empty.stacksIdle()).isEqualTo(empty.stacksSys());
    assertThat(empty.allocations()).isEqualTo(empty.frees());

    allocator.close();
    MemStats closed = MemStats.read(allocator);
    assertThat(closed.stacksSys()).isZero();
    assertThat(closed.stacksInuse()).isZero();
    assertThat(closed.allocations()).isEqualTo(empty.allocations());
  }

  @Test
  void closedAllocatorWithSegmentsInUseHoldsNothing() {
    var allocator = new PrivateListAllocator("x");
    var lost = allocator.allocate();
    assertThat(MemStats.read(allocator).stacksInuse()).isEqualTo(lost.byteSize());
    try {
      allocator.close();
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageContaining("1 segments in use");
    }

    MemStats closed = MemStats.read(allocator);

    assertThat(closed.stacksInuse()).isZero();
    assertThat(closed.stacksIdle()).isZero();
    assertThat(closed.allocations() - closed.frees()).isEqualTo(1);
  }

  @Test
  void largeSegmentsCountApart() {
    try (var allocator = new PrivateListAllocator("x");
        var large = allocator.allocate(100_000)) {
      MemStats stats = MemStats.read(allocator);

      assertThat(stats.large().inUseBytes()).isEqualTo(large.byteSize());
      assertThat(stats.stacksInuse()).isZero();
      assertThat(stats.stacksSys()).isZero();
    }
  }
}
