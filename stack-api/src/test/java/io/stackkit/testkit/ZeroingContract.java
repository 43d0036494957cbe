package io.stackkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackSegment;
import io.stackkit.api.Zeroing;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `zeroing`: no user sees what another left behind, where the option says so.
public interface ZeroingContract extends AllocatorSubject {

  @Test
  default void onAllocateHandsOutZeros() throws Exception {
    handsOutZeros(Zeroing.ON_ALLOCATE);
  }

  @Test
  default void onFreeHandsOutZeros() throws Exception {
    handsOutZeros(Zeroing.ON_FREE);
  }

  private void handsOutZeros(Zeroing zeroing) throws Exception {
    try (StackAllocator allocator = openWith(o -> o.zeroing(zeroing));
        Worker other = Worker.platform();
        Worker virtual = Worker.virtual()) {
      dirty(allocator);
      findZeros(allocator);
      other.run(() -> findZeros(allocator));
      virtual.run(() -> findZeros(allocator));
      other.run(() -> dirty(allocator));
      findZeros(allocator);
    }
  }

  private void dirty(StackAllocator allocator) {
    List<StackSegment> segments = allocateOfAllKinds(allocator);
    segments.forEach(s -> s.memory().fill((byte) 0xEE));
    for (int i = 0; i < segments.size(); i++) {
      if (i % 2 == 0) {
        allocator.local().free(segments.get(i));
      } else {
        segments.get(i).close();
      }
    }
  }

  private void findZeros(StackAllocator allocator) {
    List<StackSegment> segments = allocateOfAllKinds(allocator);
    segments.forEach(s -> Patterns.assertZero(s.memory()));
    dirtyAndFree(segments);
  }

  private static void dirtyAndFree(List<StackSegment> segments) {
    segments.forEach(s -> s.memory().fill((byte) 0xDD));
    segments.forEach(StackSegment::close);
  }

  private List<StackSegment> allocateOfAllKinds(StackAllocator allocator) {
    List<StackSegment> segments = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      segments.add(allocator.allocate());
      segments.add(allocator.local().allocate());
      segments.add(allocator.allocate(1));
    }
    segments.add(allocator.allocate(options().segmentSize() + 1L));
    segments.add(allocator.allocate(5L * options().segmentSize()));
    return segments;
  }

  @Test
  default void onFreeLeavesNothingInFreeMemory() {
    try (StackAllocator allocator = openWith(o -> o.zeroing(Zeroing.ON_FREE))) {
      StackSegment keepsTheSlab = allocator.allocate();
      StackSegment segment = allocator.allocate();
      MemorySegment memory = segment.memory();
      memory.fill((byte) 0xAB);
      allocator.free(segment);
      // nobody should look there, but if somebody does
      Patterns.assertZero(memory);
      allocator.free(keepsTheSlab);
    }
  }

  @Test
  default void zeroingLeavesSegmentsInUseAlone() {
    for (Zeroing zeroing : Zeroing.values()) {
      try (StackAllocator allocator = openWith(o -> o.zeroing(zeroing))) {
        List<StackSegment> live = Patterns.allocate(allocator, 40);
        Patterns.free(allocator, Patterns.allocate(allocator, 40));
        Patterns.free(allocator, Patterns.allocate(allocator, 40));
        Patterns.free(allocator, live);
        assertThat(allocator.options().zeroing()).isEqualTo(zeroing);
      }
    }
  }
}
