package io.stackkit.testkit;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackSegment;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Writes into memory what tells its owner, and finds out whether another has written there since.
public final class Patterns {

  private Patterns() {}

  /// Marks memory as the owner's: its first and last word and at least 64 in between.
  public static void stamp(MemorySegment memory, long owner) {
    long last = memory.byteSize() - Long.BYTES;
    for (long at = 0; at <= last - Long.BYTES; at += step(memory)) {
      memory.set(JAVA_LONG_UNALIGNED, at, word(owner, at));
    }
    memory.set(JAVA_LONG_UNALIGNED, last, word(owner, last));
  }

  /// Fails unless all marks of the owner are still there.
  public static void verify(MemorySegment memory, long owner) {
    long last = memory.byteSize() - Long.BYTES;
    for (long at = 0; at <= last - Long.BYTES; at += step(memory)) {
      verify(memory, at, owner);
    }
    verify(memory, last, owner);
  }

  private static void verify(MemorySegment memory, long at, long owner) {
    long found = memory.get(JAVA_LONG_UNALIGNED, at);
    if (found != word(owner, at)) {
      throw new AssertionError(
          "memory of owner %d at 0x%x + %d was overwritten with 0x%x, the mark of %d"
              .formatted(owner, memory.address(), at, found, found - at));
    }
  }

  private static long step(MemorySegment memory) {
    return Math.max(Long.BYTES, memory.byteSize() / 64 / Long.BYTES * Long.BYTES);
  }

  private static long word(long owner, long at) {
    return owner + at;
  }

  /// Allocates fixed-size segments and marks each with its index.
  public static List<StackSegment> allocate(StackAllocator allocator, int count) {
    List<StackSegment> segments = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      segments.add(allocator.allocate());
      stamp(segments.get(i).memory(), owner(i));
    }
    return segments;
  }

  /// Verifies what [#allocate(StackAllocator, int)] has marked and gives it back, oldest first.
  public static void free(StackAllocator allocator, List<StackSegment> segments) {
    verify(segments);
    segments.forEach(allocator::free);
  }

  /// Verifies what [#allocate(StackAllocator, int)] has marked.
  public static void verify(List<StackSegment> segments) {
    for (int i = 0; i < segments.size(); i++) {
      verify(segments.get(i).memory(), owner(i));
    }
  }

  private static long owner(int index) {
    return (index + 1L) << 32;
  }

  /// Fails if any two segments share a byte.
  public static void assertDisjoint(List<StackSegment> segments) {
    List<MemorySegment> sorted =
        segments.stream()
            .map(StackSegment::memory)
            .sorted(Comparator.comparingLong(MemorySegment::address))
            .toList();
    for (int i = 1; i < sorted.size(); i++) {
      MemorySegment before = sorted.get(i - 1);
      assertThat(sorted.get(i).address())
          .as("start of the segment after %s", before)
          .isGreaterThanOrEqualTo(before.address() + before.byteSize());
    }
  }

  /// Fails unless every byte is zero.
  public static void assertZero(MemorySegment memory) {
    MemorySegment zeros = MemorySegment.ofArray(new byte[Math.toIntExact(memory.byteSize())]);
    assertThat(memory.mismatch(zeros))
        .as("offset of the first byte that is not zero")
        .isEqualTo(-1);
  }
}
