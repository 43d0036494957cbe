package io.stackkit.api;

/// A [StackAllocator] as one thread sees it: it holds the thread's M, so that allocating needs no
/// search for it.
///
/// Obtained from [StackAllocator#local()]. Any thread may call it; only the thread that asked for
/// it gains by it.
public interface LocalAllocator {

  /// Hands out a segment of the fixed size, as [StackAllocator#allocate()].
  ///
  /// @return a segment that belongs to the caller until it is freed
  /// @throws StackExhaustedException if there is no memory to be had
  /// @throws IllegalStateException if the allocator is closed
  StackSegment allocate();

  /// Gives a segment back, as [StackAllocator#free(StackSegment)].
  ///
  /// @param segment a segment that the allocator of this view handed out
  /// @throws IllegalArgumentException if another allocator handed it out
  /// @throws IllegalStateException if the segment is not in use or the allocator is closed
  void free(StackSegment segment);

  /// A view that adds nothing, for allocators that have no faster way.
  ///
  /// @param allocator what every call goes to
  record Direct(StackAllocator allocator) implements LocalAllocator {
    @Override
    public StackSegment allocate() {
      return allocator.allocate();
    }

    @Override
    public void free(StackSegment segment) {
      allocator.free(segment);
    }
  }
}
