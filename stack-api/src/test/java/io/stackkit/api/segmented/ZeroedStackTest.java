package io.stackkit.api.segmented;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.Zeroing;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What `zeroing` promises holds inside frames, too.
class ZeroedStackTest {

  @Test
  void zeroesWhatItHandsOutWhenTheAllocatorDoes() {
    FakeAllocator zeroing =
        new FakeAllocator(AllocatorOptions.builder().zeroing(Zeroing.ON_ALLOCATE).build());
    try (SegmentedStack stack = SegmentedStack.on(zeroing)) {
      for (int i = 0; i < 3; i++) {
        try (StackFrame frame = stack.push()) {
          for (int size : new int[] {1000, 4000, 9000, 7}) {
            MemorySegment memory = frame.allocate(size);
            assertThat(memory.mismatch(MemorySegment.ofArray(new byte[size]))).isEqualTo(-1);
            memory.fill((byte) 7);
          }
        }
      }
    }
    zeroing.close();
  }

  @Test
  void clearsWhatAFrameLeavesWhenTheAllocatorDoes() {
    FakeAllocator zeroing =
        new FakeAllocator(AllocatorOptions.builder().zeroing(Zeroing.ON_FREE).build());
    try (SegmentedStack stack = SegmentedStack.on(zeroing);
        StackFrame outer = stack.push()) {
      outer.allocate(100).fill((byte) 1);
      List<MemorySegment> used = new ArrayList<>();
      try (StackFrame inner = stack.push()) {
        for (int i = 0; i < 5; i++) {
          used.add(inner.allocate(1000).fill((byte) 2));
        }
      }
      // the fifth lies in the segment that is now the spare
      for (MemorySegment memory : used) {
        assertThat(memory.mismatch(MemorySegment.ofArray(new byte[1000]))).isEqualTo(-1);
      }
    }
    zeroing.close();
  }
}
