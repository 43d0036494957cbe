package io.stackkit.api;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/// Memory that was freed through a [CheckedStackAllocator], filled so that a later write shows.
///
/// @param memory where it is
/// @param fill the byte that is everywhere in it
/// @param segment what it was, for messages
/// @param freedAt who freed it
record FreeMemory(MemorySegment memory, byte fill, CheckedSegment segment, AllocationSite freedAt) {

  /// Unlikely as data, odd and negative as a pointer or a size; known from other allocators.
  private static final byte POISON = (byte) 0xDE;

  /// Fills the memory of a segment that is being freed.
  static FreeMemory of(CheckedSegment segment, AllocationSite freedAt, boolean withZeros) {
    byte fill = withZeros ? 0 : POISON;
    segment.memory.fill(fill);
    return new FreeMemory(segment.memory, fill, segment, freedAt);
  }

  /// Whether the memory has not been given back to the system.
  boolean isAlive() {
    return memory.scope().isAlive();
  }

  /// Whether other memory is this, and not merely at an address that the system has used again.
  boolean isSameMemory(MemorySegment other) {
    return memory.scope().equals(other.scope());
  }

  /// Looks for writes since the free.
  ///
  /// @param zerosPass whether the allocator may have written zeros
  /// @throws IllegalStateException if there was one
  void verify(boolean zerosPass) {
    long at = firstWritten(zerosPass);
    if (at < 0) {
      return;
    }
    throw new IllegalStateException(
        "write after free to %s, freed by %s: offset %d holds 0x%02x instead of 0x%02x; somebody kept its memory()"
            .formatted(segment, freedAt, at, memory.get(JAVA_BYTE, at), fill));
  }

  private long firstWritten(boolean zerosPass) {
    byte zero = zerosPass ? 0 : fill;
    try {
      for (long at = 0; at < memory.byteSize(); at++) {
        byte found = memory.get(JAVA_BYTE, at);
        if (found != fill && found != zero) {
          return at;
        }
      }
    } catch (IllegalStateException e) {
      if (isAlive()) {
        throw e;
      }
      // given back to the system meanwhile
    }
    return -1;
  }
}
