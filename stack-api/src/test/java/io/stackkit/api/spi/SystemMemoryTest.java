package io.stackkit.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stackkit.api.StackExhaustedException;
import io.stackkit.api.StackSegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// The limit, slabs, and giving them back while others work.
class SystemMemoryTest {

  @Test
  void reservesAsMuchAsThereIs() {
    SystemMemory memory = new SystemMemory(100);

    assertThat(memory.reserveUpTo(3, 30)).isEqualTo(3);
    assertThat(memory.reserveUpTo(3, 5)).isEqualTo(2);
    assertThat(memory.held()).isEqualTo(100);
    assertThat(memory.reserveUpTo(1, 1)).isZero();
    memory.unreserve(30);
    assertThat(memory.reserveUpTo(1, 31)).isZero();
    assertThat(memory.reserveUpTo(7, 10)).isEqualTo(3);
  }

  /// The sum of what threads hold, counted by themselves after and before, never passes the limit,
  /// and in the end all of it can be had.
  @Test
  void reservationsAreExactUnderARace() throws InterruptedException {
    SystemMemory memory = new SystemMemory(1_000);
    AtomicLong owned = new AtomicLong();
    AtomicLong most = new AtomicLong();

    Threads.run(
        4,
        id -> {
          SplittableRandom random = new SplittableRandom(id);
          for (int i = 0; i < 100_000; i++) {
            int unit = 1 + random.nextInt(70);
            long got = (long) memory.reserveUpTo(1 + random.nextInt(16), unit) * unit;
            most.accumulateAndGet(owned.addAndGet(got), Math::max);
            owned.addAndGet(-got);
            memory.unreserve(got);
          }
        });

    assertThat(most.get()).isBetween(500L, 1_000L);
    assertThat(memory.held()).isZero();
    assertThat(memory.reserveUpTo(1_000, 1)).isEqualTo(1_000);
  }

  @Test
  void aRefusalGivesTheReservationBack() {
    SystemMemory memory = new SystemMemory(Long.MAX_VALUE);
    long tooMuch = 1L << 60;
    assertThat(memory.reserveUpTo(1, tooMuch)).isEqualTo(1);

    assertThatThrownBy(() -> memory.obtain(tooMuch))
        .isInstanceOf(StackExhaustedException.class)
        .hasCauseInstanceOf(OutOfMemoryError.class);
    assertThat(memory.held()).isZero();
  }

  @Test
  void theLimitHoldsWhileThreadsRaceForTheLastSegments() throws InterruptedException {
    int segments = 37;
    long limit = (long) segments * TestAllocator.SEGMENT_BYTES;
    try (TestAllocator allocator = new TestAllocator(4, 2, limit)) {
      AtomicBoolean over = new AtomicBoolean();
      for (int round = 0; round < 20; round++) {
        AtomicLong got = new AtomicLong();
        List<List<StackSegment>> all =
            List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Threads.run(
            all.size(),
            id -> {
              try {
                while (true) {
                  all.get(id).add(allocator.allocate());
                  got.incrementAndGet();
                  over.compareAndSet(false, allocator.sysBytes() > limit);
                }
              } catch (StackExhaustedException full) {
                over.compareAndSet(false, allocator.sysBytes() > limit);
              }
            });

        assertThat(over).isFalse();
        assertThat(got).hasValue(segments);
        all.forEach(list -> list.forEach(StackSegment::close));
      }
    }
  }

  @Test
  void numbersOfSlabsAreUsedAgain() {
    TestAllocator allocator = TestAllocator.unlimited(4, 1);
    Slabs slabs = new Slabs(allocator, new SystemMemory(Long.MAX_VALUE), 4, 1024);
    List<Integer> firsts = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      firsts.add(slabs.obtain(0));
    }
    assertThat(firsts).containsExactly(0, 4, 8, 12, 16);
    PooledSegment former = allocator.segments[5];

    assertThat(slabs.giveBack(slabs.numberOf(5))).isEqualTo(4 * 1024);
    assertThat(allocator.segments[5]).isNull();
    assertThat(slabs.segmentsOf(1)).isZero();
    assertThat(slabs.giveBack(1)).isZero();
    assertThat(slabs.bytes()).isEqualTo(4 * 4 * 1024);

    assertThat(slabs.obtain(0)).isEqualTo(4);
    assertThat(allocator.segments[5]).isNotSameAs(former).isNotNull();
    assertThat(allocator.segments[5].memory.scope().isAlive()).isTrue();
    assertThat(former.memory.scope().isAlive()).isFalse();
    assertThat(slabs.obtain(0)).isEqualTo(20);
    assertThat(slabs.giveBackAll()).isZero();
    assertThat(slabs.bytes()).isZero();
    assertThatThrownBy(() -> allocator.segments[20].memory.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
    allocator.close();
  }

  @Test
  void theLastSlabBelowTheLimitIsASmallerOne() {
    TestAllocator allocator = TestAllocator.unlimited(4, 1);
    SystemMemory memory = new SystemMemory(6 * 1024 + 1023);
    Slabs slabs = new Slabs(allocator, memory, 4, 1024);

    assertThat(allocator.theDepot().count(slabs.obtain(0))).isEqualTo(4);
    int small = slabs.obtain(0);
    assertThat(allocator.theDepot().count(small)).isEqualTo(2);
    assertThat(slabs.segmentsOf(1)).isEqualTo(2);
    assertThat(slabs.obtain(0)).isEqualTo(Machine.EMPTY);
    assertThat(memory.held()).isEqualTo(6 * 1024);
    assertThat(slabs.giveBackAll()).isZero();
    assertThat(memory.held()).isZero();
    allocator.close();
  }

  /// Segments come back just between a thread's looking into the depot and its asking for memory.
  @Test
  void theSystemIsNotAskedWhileTheDepotHasABatch() throws InterruptedException {
    try (TestAllocator allocator = TestAllocator.unlimited(2, 4)) {
      List<StackSegment> others = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        others.add(allocator.allocate());
      }
      allocator.whenDepotIsSeenEmpty(() -> freeOnAnotherThread(others));
      Threads.one(
          () -> {
            StackSegment segment = allocator.allocate();
            assertThat(allocator.sysBytes()).isEqualTo(6 * TestAllocator.SEGMENT_BYTES);
            segment.close();
          });
      assertThat(others).isEmpty();
    }
  }

  private static void freeOnAnotherThread(List<StackSegment> segments) {
    try {
      // on a shared M: a dead thread's would be emptied before the system is asked
      Thread.ofVirtual().start(() -> segments.forEach(StackSegment::close)).join();
      segments.clear();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void trimmingLeavesWhatIsInUseAlone() throws InterruptedException {
    try (TestAllocator allocator = TestAllocator.unlimited(2, 4)) {
      AtomicLong given = new AtomicLong();
      AtomicLong working = new AtomicLong(3);
      Threads.run(
          4,
          id -> {
            if (id == 0) {
              while (working.get() > 0) {
                given.addAndGet(allocator.trim());
              }
            } else {
              try {
                work(allocator, id);
              } finally {
                working.decrementAndGet();
              }
            }
          });

      // slabs have gone and come while others worked
      assertThat(given.get()).isPositive();
      assertThat(allocator.machines().stream().mapToLong(machine -> machine.inUse()).sum())
          .isZero();
      allocator.trim();
      assertThat(allocator.sysBytes()).isZero();
    }
  }

  private static void work(TestAllocator allocator, int id) {
    SplittableRandom random = new SplittableRandom(id);
    List<StackSegment> mine = new ArrayList<>();
    List<Long> marks = new ArrayList<>();
    for (int i = 0; i < 40_000; i++) {
      // all the way up and down, so that slabs become whole
      if (i % 80 < 40) {
        StackSegment segment = allocator.allocate();
        long mark = random.nextLong();
        segment.memory().set(ValueLayout.JAVA_LONG, 0, mark);
        segment.memory().set(ValueLayout.JAVA_LONG, segment.byteSize() - 8, ~mark);
        mine.add(segment);
        marks.add(mark);
      } else {
        // in any order, so that the segments of one slab part
        int at = random.nextInt(mine.size());
        StackSegment segment = mine.remove(at);
        long mark = marks.remove(at);
        assertThat(segment.memory().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(mark);
        assertThat(segment.memory().get(ValueLayout.JAVA_LONG, segment.byteSize() - 8))
            .isEqualTo(~mark);
        segment.close();
      }
    }
  }
}
