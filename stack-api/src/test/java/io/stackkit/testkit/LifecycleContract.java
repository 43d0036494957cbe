package io.stackkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.stackkit.api.LocalAllocator;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackExhaustedException;
import io.stackkit.api.StackSegment;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// Closing: everything is released, whoever is in the middle of something gets an exception, the
/// JVM lives on.
public interface LifecycleContract extends AllocatorSubject {

  @Test
  default void closingTwiceHasNoEffect() {
    StackAllocator allocator = open();
    allocator.allocate().close();
    allocator.close();
    assertThatCode(allocator::close).doesNotThrowAnyException();
    assertThat(allocator.sysBytes()).isZero();
  }

  @Test
  default void anAllocatorThatWasNeverUsedCloses() {
    open().close();
  }

  @Test
  default void closingReleasesSegmentsInUseAndSaysHowMany() {
    StackAllocator allocator = open();
    List<StackSegment> segments = Patterns.allocate(allocator, 37);
    MemorySegment memory = segments.getFirst().memory();
    assertThatIllegalStateException()
        .isThrownBy(allocator::close)
        .withMessageMatching("(?s).*\\b37\\b.*");
    assertThatIllegalStateException().isThrownBy(() -> Patterns.stamp(memory, 1));
    assertThat(allocator.sysBytes()).isZero();
    assertThatCode(allocator::close).doesNotThrowAnyException();
  }

  @Test
  default void closingReleasesLargeSegmentsInUseToo() {
    StackAllocator allocator = open();
    StackSegment large = allocator.allocate(options().segmentSize() + 1L);
    MemorySegment memory = large.memory();
    assertThatIllegalStateException().isThrownBy(allocator::close).withMessageContaining("1");
    assertThatIllegalStateException().isThrownBy(() -> Patterns.stamp(memory, 1));
    assertThat(allocator.large().sysBytes()).isZero();
  }

  @Test
  default void aClosedAllocatorRefusesEverythingThatChangesIt() {
    StackAllocator allocator = open();
    LocalAllocator view = allocator.local();
    StackSegment segment = allocator.allocate();
    StackSegment large = allocator.allocate(options().segmentSize() + 1L);
    assertThatIllegalStateException().isThrownBy(allocator::close);
    List<ThrowingCallable> calls =
        List.of(
            allocator::allocate,
            () -> allocator.allocate(1),
            () -> allocator.allocate(options().segmentSize() + 1L),
            view::allocate,
            () -> view.free(segment),
            () -> allocator.free(segment),
            () -> allocator.free(large),
            segment::close,
            allocator::local,
            allocator::trim);
    for (ThrowingCallable call : calls) {
      assertThatIllegalStateException().isThrownBy(call).withMessageMatching("(?is).*closed.*");
    }
  }

  @Test
  default void aClosedAllocatorStillTellsItsFigures() {
    StackAllocator allocator = open();
    Patterns.free(allocator, Patterns.allocate(allocator, 10));
    allocator.close();
    assertThat(Figures.of(allocator).allocations()).isEqualTo(10);
    assertThat(allocator.options()).isEqualTo(options());
    assertThat(allocator.large().sysBytes()).isZero();
  }

  @Test
  default void anotherThreadMayClose() throws Exception {
    StackAllocator allocator = open();
    Patterns.free(allocator, Patterns.allocate(allocator, 10));
    Parallel.platform(1, _ -> allocator.close());
    assertThatIllegalStateException().isThrownBy(allocator::allocate);
  }

  @Test
  default void severalThreadsMayCloseAtOnce() throws Exception {
    for (int round = 0; round < 20; round++) {
      StackAllocator allocator = open();
      Patterns.free(allocator, Patterns.allocate(allocator, 10));
      Parallel.platform(3, _ -> allocator.close());
      assertThat(allocator.sysBytes()).isZero();
    }
  }

  @Test
  default void closingWhileOthersUseLargeSegmentsCountsEachOnce() throws Exception {
    for (int round = 0; round < 150; round++) {
      closeWhile(
          (allocator, underWay, _) -> {
            allocator.free(allocator.allocate(options().segmentSize() + 1L));
            underWay.countDown();
          });
    }
  }

  @Test
  default void closingWhileOthersAllocateGivesThemAnException() throws Exception {
    for (int round = 0; round < 15; round++) {
      closeWhile(
          (allocator, underWay, index) -> {
            if (index == 2) {
              Parallel.virtual(3, i -> untilClosed(this::useAll, allocator, underWay, i));
              // all of them have ended because it is closed
              allocator.allocate();
            } else {
              useAll(allocator, underWay, index);
            }
          });
    }
  }

  /// Something that threads do again and again until the allocator is closed.
  @FunctionalInterface
  interface Use {
    /// Does it once.
    ///
    /// @param underWay counts down to the close
    /// @param index the number of the thread, from 0
    void once(StackAllocator allocator, CountDownLatch underWay, int index) throws Exception;
  }

  private void closeWhile(Use use) throws Exception {
    StackAllocator allocator = open();
    CountDownLatch underWay = new CountDownLatch(3);
    Parallel.platform(
        4,
        index -> {
          if (index == 3) {
            underWay.await();
            closeQuietly(allocator);
          } else {
            untilClosed(use, allocator, underWay, index);
          }
        });
    assertThat(allocator.sysBytes()).isZero();
    assertThat(allocator.large().sysBytes()).isZero();
    assertThatIllegalStateException().isThrownBy(allocator::allocate);
  }

  private static void untilClosed(
      Use use, StackAllocator allocator, CountDownLatch underWay, int index) throws Exception {
    try {
      while (true) {
        use.once(allocator, underWay, index);
      }
    } catch (StackExhaustedException e) {
      throw new AssertionError("closed is not exhausted", e);
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageMatching("(?is).*(closed|not alive|in use).*");
    }
  }

  private void useAll(StackAllocator allocator, CountDownLatch underWay, int index) {
    List<StackSegment> held = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      StackSegment segment =
          i == 39 && index % 2 == 0
              ? allocator.allocate(options().segmentSize() + 1L)
              : allocator.allocate();
      held.add(segment);
      Patterns.stamp(segment.memory(), 1);
    }
    underWay.countDown();
    while (!held.isEmpty()) {
      allocator.free(held.removeLast());
    }
  }

  private static void closeQuietly(StackAllocator allocator) {
    try {
      allocator.close();
    } catch (IllegalStateException e) {
      assertThat(e.getMessage()).as("says how many were in use").matches("(?s).*\\d.*");
    }
  }
}
