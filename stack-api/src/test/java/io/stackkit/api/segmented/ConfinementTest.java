package io.stackkit.api.segmented;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfinementTest {

  private final FakeAllocator allocator = new FakeAllocator(4096);

  @ParameterizedTest(name = "from a virtual thread: {0}")
  @ValueSource(booleans = {true, false})
  void everyOperationIsForTheOwner(boolean virtual) throws Exception {
    try (SegmentedStack stack = SegmentedStack.on(allocator);
        Arena arena = stack.pushArena();
        StackFrame frame = stack.push()) {
      MemorySegment memory = frame.allocate(8);
      List<ThrowingCallable> operations =
          List.of(
              stack::push,
              stack::pushArena,
              stack::depth,
              stack::heldBytes,
              stack::close,
              frame::close,
              () -> frame.allocate(1),
              arena::close,
              () -> arena.allocate(1));
      Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
      List<Throwable> thrown = new ArrayList<>();
      Thread other = builder.start(() -> operations.forEach(o -> thrown.add(catchThrowable(o))));
      other.join();
      assertThat(thrown)
          .hasSize(operations.size())
          .allSatisfy(
              e ->
                  assertThat(e)
                      .isInstanceOf(WrongThreadException.class)
                      .hasMessageContaining("belongs to " + Thread.currentThread())
                      .hasMessageContaining("[#" + other.threadId()));
      assertThat(stack.depth()).isEqualTo(2);
      assertThat(frame.allocate(8).address()).isEqualTo(memory.address() + 8);
    }
  }

  @Test
  @DisplayName("a virtual thread keeps its stack while it moves between carriers")
  void virtualThreadsMove() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> results = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        results.add(threads.submit(virtualProgram(i)));
      }
      for (int i = 0; i < 200; i++) {
        assertThat(results.get(i).get()).isEqualTo(i * 50);
      }
    }
    assertThat(allocator.inUse()).isZero();
  }

  private Callable<Integer> virtualProgram(int id) {
    return () -> {
      int sum = 0;
      try (SegmentedStack stack = SegmentedStack.on(allocator);
          StackFrame outer = stack.push()) {
        MemorySegment number = outer.allocateFrom(ValueLayout.JAVA_INT, id);
        for (int i = 0; i < 50; i++) {
          try (StackFrame frame = stack.push()) {
            MemorySegment copy = frame.allocate(3000, 8).copyFrom(number);
            LockSupport.parkNanos(1000);
            sum += copy.get(ValueLayout.JAVA_INT, 0);
          }
        }
      }
      return sum;
    };
  }
}
