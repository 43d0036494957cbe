package io.stackkit.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.stackkit.api.MemoryLease;
import io.stackkit.api.StackExhaustedException;
import io.stackkit.api.StackSegment;
import io.stackkit.testkit.Parallel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Errors in the middle of what is rare: memory is given back or kept, and told right.
class NothingIsLostTest {

  private static final int SEGMENT = TestAllocator.SEGMENT_BYTES;

  /// The heap is full after one of two dead threads' Ms has been emptied.
  @Test
  void anErrorWhileFreeSegmentsAreOnTheirWay() throws InterruptedException {
    try (TestAllocator allocator = TestAllocator.unlimited(4, 2)) {
      Threads.run(2, id -> fillAndFree(allocator));
      long held = allocator.sysBytes();
      allocator.failAtDrain(2);

      assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(allocator::trim);

      assertThat(allocator.trim()).isEqualTo(held);
      assertThat(allocator.sysBytes()).isZero();
    }
  }

  /// The heap is full when the timer comes round: it must come again.
  @Test
  void anErrorDoesNotStopTheIdleTimer() throws InterruptedException {
    try (TestAllocator allocator = TestAllocator.trimmingEvery(Duration.ofMillis(20))) {
      allocator.failAtDrain(1);
      Threads.one(() -> fillAndFree(allocator));

      Parallel.await("the timer has come, and failed", allocator::hasFailed);
      Parallel.await("it has come again", () -> allocator.sysBytes() == 0);
    }
  }

  private static void fillAndFree(TestAllocator allocator) {
    List<StackSegment> segments = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      segments.add(allocator.allocate());
    }
    segments.forEach(StackSegment::close);
  }

  /// Two threads that free one segment at the same time may both find it in use.
  @Test
  void aListThatRunsInACircle() {
    TestAllocator allocator = TestAllocator.unlimited(4, 1);
    PooledSegment segment = (PooledSegment) allocator.allocate();
    StackSegment other = allocator.allocate();
    segment.close();
    segment.next = PooledSegment.IN_USE;
    segment.close();

    assertThatIllegalStateException()
        .isThrownBy(allocator::trim)
        .withMessageContaining("more than the")
        .withMessageContaining("checked=true");

    other.close();
  }

  @Test
  void aRefusalNamesWhatWasAskedFor() {
    try (TestAllocator allocator = new TestAllocator(4, 1, 16L * SEGMENT)) {
      assertThatExceptionOfType(StackExhaustedException.class)
          .isThrownBy(() -> allocator.allocate(16L * SEGMENT + 1))
          .satisfies(e -> assertThat(e.requestedBytes()).isEqualTo(16L * SEGMENT + 1));
      try (StackSegment all = allocator.allocate(15L * SEGMENT)) {
        assertThat(all.byteSize()).isEqualTo(16L * SEGMENT);
      }
    }
  }

  @Test
  void whatALeaseKeepsIsCounted() {
    TestAllocator allocator = TestAllocator.unlimited(4, 1);
    StackSegment segment = allocator.allocate();
    MemoryLease lease = allocator.lease();

    assertThatIllegalStateException()
        .isThrownBy(allocator::close)
        .withMessageContaining("1 segments in use")
        .withMessageContaining("4k that stay");

    assertThat(allocator.sysBytes()).isEqualTo(4L * SEGMENT);
    assertThat(segment.memory().scope().isAlive()).isTrue();
    lease.close();
    assertThat(allocator.sysBytes()).isZero();
  }
}
