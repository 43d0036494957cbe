package io.stackkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.MachineStats;
import io.stackkit.api.MemoryLease;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackAllocators;
import io.stackkit.api.StackExhaustedException;
import io.stackkit.api.StackSegment;
import io.stackkit.api.segmented.SegmentedStack;
import io.stackkit.api.segmented.StackFrame;
import io.stackkit.api.segmented.StackPool;
import io.stackkit.api.segmented.StackSettings;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// What a [SegmentedStack] and a [StackPool] do with a real allocator under them.
public abstract class SegmentedStackContract {

  private static final StackSettings NO_SPARE = StackSettings.defaults().withSpare(false);

  private final AllocatorOptions options;
  private final int deepRefills;

  /// @param options of the allocator under test; segments of 4 KiB
  /// @param deepRefills how many batches a warm allocator moves to its M, and back, for 341
  ///   segments
  protected SegmentedStackContract(AllocatorOptions options, int deepRefills) {
    this.options = options;
    this.deepRefills = deepRefills;
  }

  /// Frames of 1040 bytes, three to a segment of 4 KiB.
  private static void rec(SegmentedStack stack, int depth) {
    try (StackFrame frame = stack.push()) {
      frame.allocate(1040, 8).set(ValueLayout.JAVA_INT, 0, depth);
      if (depth > 1) {
        rec(stack, depth - 1);
      }
    }
  }

  private static MachineStats total(StackAllocator allocator) {
    return allocator.machines().stream()
        .reduce(new MachineStats(0, 0, 0, 0, 0, 0, 0), MachineStats::plus);
  }

  private MachineStats during(StackAllocator allocator, Runnable work) {
    MachineStats before = total(allocator);
    work.run();
    return total(allocator).minus(before);
  }

  @Test
  void takesAndGivesBackWhatTheFramesNeed() {
    try (StackAllocator allocator = StackAllocators.open(options);
        SegmentedStack stack = SegmentedStack.on(allocator, NO_SPARE)) {
      rec(stack, 1024);
      rec(stack, 1024);

      MachineStats shallow = during(allocator, () -> rec(stack, 10));
      assertThat(shallow.allocations()).isEqualTo(3);
      assertThat(shallow.frees()).isEqualTo(3);
      assertThat(shallow.refills()).isZero();

      MachineStats deep = during(allocator, () -> rec(stack, 1024));
      assertThat(deep.allocations()).isEqualTo(341);
      assertThat(deep.frees()).isEqualTo(341);
      assertThat(deep.refills()).isEqualTo(deepRefills);
      assertThat(deep.releases()).isEqualTo(deepRefills);
      assertThat(total(allocator).inUse()).isEqualTo(1);
    }
  }

  @Test
  void aMillionStacksLeaveNothingInUse() {
    try (StackAllocator allocator = StackAllocators.open(options)) {
      for (int i = 0; i < 1_000_000; i++) {
        try (SegmentedStack stack = SegmentedStack.on(allocator);
            StackFrame frame = stack.push()) {
          frame.allocate(16);
        }
      }
      MachineStats total = total(allocator);
      assertThat(total.inUse()).isZero();
      assertThat(total.allocations()).isEqualTo(1_000_000);
    }
  }

  @Test
  void aPoolServesThreadsThatComeAndGo() throws Exception {
    try (StackAllocator allocator = StackAllocators.open(options)) {
      try (StackPool pool = StackPool.on(allocator);
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Integer>> results = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
          results.add(threads.submit(useOf(pool, i)));
        }
        for (int i = 0; i < 2000; i++) {
          assertThat(results.get(i).get()).isEqualTo(i);
        }
        assertThat(total(allocator).inUse()).isLessThanOrEqualTo(pool.slots());
      }
      assertThat(total(allocator).inUse()).isZero();
      assertThat(allocator.large().inUseBytes()).isZero();
    }
  }

  private static Callable<Integer> useOf(StackPool pool, int number) {
    return () -> {
      try (StackFrame outer = pool.push()) {
        MemorySegment memory = outer.allocateFrom(ValueLayout.JAVA_INT, number);
        try (StackFrame inner = pool.push()) {
          inner.allocate(3000);
          inner.allocate(3000);
          inner.allocate(9000);
          LockSupport.parkNanos(1000);
        }
        return memory.get(ValueLayout.JAVA_INT, 0);
      }
    };
  }

  @Test
  void aLimitThatIsReachedLeavesTheStackAsItWas() {
    AllocatorOptions limited = options.toBuilder().maxBytes(options.segmentSize() * 16L).build();
    try (StackAllocator allocator = StackAllocators.open(limited);
        SegmentedStack stack = SegmentedStack.on(allocator);
        StackFrame frame = stack.push()) {
      List<MemorySegment> memories = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        memories.add(frame.allocate(4000).fill((byte) i));
      }
      long held = stack.heldBytes();
      assertThatExceptionOfType(StackExhaustedException.class)
          .isThrownBy(() -> frame.allocate(4000));
      assertThatExceptionOfType(StackExhaustedException.class)
          .isThrownBy(() -> frame.allocate(10_000));
      assertThat(stack.heldBytes()).isEqualTo(held);
      for (int i = 0; i < 16; i++) {
        assertThat(memories.get(i).get(ValueLayout.JAVA_BYTE, 3999)).isEqualTo((byte) i);
      }
    }
  }

  @Test
  void aLeaseKeepsTheMemoryOfAClosedAllocator() {
    StackAllocator allocator = StackAllocators.open(options);
    StackSegment segment = allocator.allocate();
    StackSegment large = allocator.allocate(options.segmentSize() + 1L);
    MemorySegment memory = segment.memory();
    MemorySegment largeMemory = large.memory();
    MemoryLease lease = allocator.lease();
    MemoryLease second = allocator.lease();
    assertThatIllegalStateException().isThrownBy(allocator::close);
    assertThatIllegalStateException().isThrownBy(allocator::lease);
    lease.close();
    lease.close();
    memory.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
    largeMemory.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
    second.close();
    assertThatIllegalStateException().isThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, 0));
    assertThatIllegalStateException().isThrownBy(() -> largeMemory.get(ValueLayout.JAVA_BYTE, 0));
  }

  @Test
  void aStackOverflowInTheOwnersCodeLosesNoMemory() throws Exception {
    try (StackAllocator allocator = StackAllocators.open(options)) {
      Thread thread =
          Thread.ofPlatform()
              .stackSize(256 << 10)
              .start(
                  () -> {
                    try (SegmentedStack stack = SegmentedStack.on(allocator)) {
                      for (int i = 0; i < 100; i++) {
                        assertThatExceptionOfType(StackOverflowError.class)
                            .isThrownBy(() -> rec(stack, Integer.MAX_VALUE));
                      }
                    }
                  });
      thread.join();
      assertThat(total(allocator).allocations()).isPositive();
      assertThat(total(allocator).inUse()).isZero();
    }
  }
}
