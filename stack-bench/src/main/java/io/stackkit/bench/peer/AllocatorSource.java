package io.stackkit.bench.peer;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackAllocators;

/// An allocator of the kit.
public class AllocatorSource implements Source {

  private final StackAllocator allocator;

  /// Opens an allocator.
  ///
  /// @param spec its spec string
  public AllocatorSource(String spec) {
    this.allocator = StackAllocators.open(AllocatorOptions.parse(spec));
  }

  /// Returns the allocator.
  ///
  /// @return an open one, until this is closed
  public final StackAllocator allocator() {
    return allocator;
  }

  @Override
  public final long sysBytes() {
    return allocator.sysBytes();
  }

  @Override
  public final int machines() {
    return allocator.machines().size();
  }

  @Override
  public final void close() {
    allocator.close();
  }
}
