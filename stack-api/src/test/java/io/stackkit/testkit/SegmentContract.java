package io.stackkit.testkit;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackSegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Segments of the fixed size, on one thread.
public interface SegmentContract extends AllocatorSubject {

  @Test
  default void handsOutSegmentsOfTheFixedSize() {
    try (StackAllocator allocator = open();
        StackSegment segment = allocator.allocate()) {
      assertThat(segment.byteSize()).isEqualTo(options().segmentSize());
      assertThat(segment.memory().byteSize()).isEqualTo(options().segmentSize());
      assertThat(segment.memory().isNative()).isTrue();
      assertThat(segment.memory().isReadOnly()).isFalse();
    }
  }

  @Test
  default void alignsEverySegmentTo64Bytes() {
    try (StackAllocator allocator = open()) {
      List<StackSegment> segments = Patterns.allocate(allocator, 200);
      assertThat(segments).allMatch(s -> s.memory().address() % 64 == 0);
      Patterns.free(allocator, segments);
    }
  }

  @Test
  default void givesEverySegmentMemoryOfItsOwn() {
    try (StackAllocator allocator = open()) {
      List<StackSegment> segments = Patterns.allocate(allocator, 500);
      Patterns.assertDisjoint(segments);
      // once more with memory that was in use before
      Patterns.free(allocator, segments);
      segments = Patterns.allocate(allocator, 500);
      Patterns.assertDisjoint(segments);
      Patterns.free(allocator, segments);
    }
  }

  @Test
  default void everyByteOfASegmentCanBeUsed() {
    try (StackAllocator allocator = open();
        StackSegment one = allocator.allocate();
        StackSegment two = allocator.allocate()) {
      one.memory().fill((byte) 1);
      two.memory().fill((byte) 2);
      assertThat(one.memory().toArray(JAVA_BYTE)).containsOnly((byte) 1);
      assertThat(two.memory().toArray(JAVA_BYTE)).containsOnly((byte) 2);
    }
  }

  @Test
  default void handsOutWhatWasFreedLastFirst() {
    try (StackAllocator allocator = open()) {
      int count = Math.min(8, options().cacheSize());
      List<StackSegment> segments = Patterns.allocate(allocator, count);
      List<Long> addresses = new ArrayList<>();
      segments.forEach(s -> addresses.add(s.memory().address()));
      Patterns.free(allocator, segments);

      List<StackSegment> again = Patterns.allocate(allocator, count);
      Collections.reverse(addresses);
      assertThat(again).extracting(s -> s.memory().address()).isEqualTo(addresses);
      Patterns.free(allocator, again);
    }
  }

  @Test
  default void reusesMemoryInsteadOfObtainingMore() {
    try (StackAllocator allocator = open()) {
      Patterns.free(allocator, Patterns.allocate(allocator, 100));
      long sysBytes = allocator.sysBytes();
      for (int i = 0; i < 100; i++) {
        Patterns.free(allocator, Patterns.allocate(allocator, 100));
      }
      assertThat(allocator.sysBytes()).isEqualTo(sysBytes);
    }
  }

  @Test
  default void closingASegmentGivesItBack() {
    try (StackAllocator allocator = open()) {
      StackSegment segment = allocator.allocate();
      long address = segment.memory().address();
      Figures.assertInUse(allocator, 1);
      segment.close();
      Figures.assertInUse(allocator, 0);
      try (StackSegment again = allocator.allocate()) {
        assertThat(again.memory().address()).isEqualTo(address);
      }
    }
  }

  @Test
  default void aFreeSegmentHasNoMemory() {
    try (StackAllocator allocator = open()) {
      StackSegment segment = allocator.allocate();
      allocator.free(segment);
      assertThatIllegalStateException().isThrownBy(segment::memory).withMessageMatching(NOT_IN_USE);
      assertThatIllegalStateException()
          .isThrownBy(segment::asByteBuffer)
          .withMessageMatching(NOT_IN_USE);
    }
  }

  /// What a message about a segment that is free has to tell.
  String NOT_IN_USE = "(?is).*(not in use|freed|double free|already free).*";

  @Test
  default void byteBuffersCoverTheWholeSegment() {
    try (StackAllocator allocator = open();
        StackSegment segment = allocator.allocate()) {
      ByteBuffer buffer = segment.asByteBuffer();
      assertThat(buffer.isDirect()).isTrue();
      assertThat(buffer.position()).isZero();
      assertThat(buffer.limit()).isEqualTo(options().segmentSize());
      assertThat(buffer.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
      buffer.put(options().segmentSize() - 1, (byte) 42);
      assertThat(segment.memory().get(JAVA_BYTE, options().segmentSize() - 1L))
          .isEqualTo((byte) 42);
    }
  }

  @Test
  default void otherThreadsMayUseTheMemory() throws Exception {
    try (StackAllocator allocator = open();
        StackSegment segment = allocator.allocate()) {
      Parallel.platform(1, _ -> Patterns.stamp(segment.memory(), 7));
      Parallel.virtual(1, _ -> Patterns.verify(segment.memory(), 7));
      Patterns.verify(segment.memory(), 7);
    }
  }

  @Test
  default void allocatorsShareNothing() {
    try (StackAllocator one = open();
        StackAllocator two = open()) {
      List<StackSegment> all = new ArrayList<>(Patterns.allocate(one, 50));
      Patterns.free(one, all);
      all = new ArrayList<>(Patterns.allocate(one, 50));
      List<StackSegment> others = Patterns.allocate(two, 50);
      List<StackSegment> both = new ArrayList<>(all);
      both.addAll(others);
      Patterns.assertDisjoint(both);
      Figures.assertInUse(one, 50);
      Figures.assertInUse(two, 50);
      Patterns.free(one, all);
      Patterns.free(two, others);
    }
  }
}
