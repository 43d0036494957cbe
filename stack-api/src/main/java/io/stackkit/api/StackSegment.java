package io.stackkit.api;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// A block of off-heap memory that a [StackAllocator] handed out; closing it gives it back.
///
/// The handle is valid from the allocation to the free. Handles are recycled together with their
/// memory, so that allocating makes no garbage: after the free, the same object may be handed out
/// again. Do not keep it.
///
/// A handle may be used by any thread, by one at a time.
public abstract class StackSegment implements AutoCloseable {

  /// For implementations.
  protected StackSegment() {}

  /// Returns the memory. Its contents are undefined unless [AllocatorOptions#zeroing()] says
  /// otherwise.
  ///
  /// @return [#byteSize()] bytes, aligned to at least 64 bytes, accessible from every thread
  /// @throws IllegalStateException if this segment is not in use
  public abstract MemorySegment memory();

  /// Returns the size of this segment, which is at least what was asked for.
  ///
  /// @return bytes
  public abstract long byteSize();

  /// Returns a new byte buffer over the whole of [#memory()], in the byte order that new buffers
  /// have (big endian). This is the one operation here that allocates on the Java heap.
  ///
  /// @return a direct buffer with position 0
  /// @throws IllegalStateException if this segment is not in use, or has more than
  ///   [Integer#MAX_VALUE] bytes: no buffer holds them, use [#memory()]
  public ByteBuffer asByteBuffer() {
    return memory().asByteBuffer();
  }

  /// Gives this segment back to its allocator; the same as [StackAllocator#free(StackSegment)].
  ///
  /// @throws IllegalStateException if this segment is not in use (a double free, as far as
  ///   [StackAllocator#free(StackSegment)] finds it), or its allocator is closed
  @Override
  public abstract void close();
}
