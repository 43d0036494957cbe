package io.stackkit.fixalloc;

import io.stackkit.api.spi.StackAllocatorProvider;

/// Provides the allocator `fixalloc`.
public final class FixallocProvider implements StackAllocatorProvider {

  /// For the service loader.
  public FixallocProvider() {}

  @Override
  public String name() {
    return "fixalloc";
  }

  @Override
  public String description() {
    return "a free list per M, unbounded: the baseline";
  }
}
