package io.stackkit.api;

/// Keeps the memory of a [StackAllocator] from going back to the system when the allocator is
/// closed. Obtained from [StackAllocator#lease()]; any thread may close it.
public interface MemoryLease extends AutoCloseable {

  /// Ends the lease. If the allocator is closed and this was the last one, its memory goes back
  /// now. Closing twice has no effect.
  @Override
  void close();
}
