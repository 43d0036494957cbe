package io.stackkit.fixalloc;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.spi.StackAllocatorProvider;

/// Provides `fixalloc`, the old design: a free list per M that only grows. The baseline to compare
/// with.
///
/// Of the options it honours `segmentSize`, `maxBytes`, `zeroing` and `checked`. It has no use for
/// `cacheSize`, `batchSize`, `adaptive`, `shards`, `largeCacheBytes`, `largeIdle` and `trimIdle`:
/// lists have no bound, large segments go back at once, others never.
public final class FixallocProvider implements StackAllocatorProvider {

  /// For the service loader.
  public FixallocProvider() {}

  @Override
  public String name() {
    return "fixalloc";
  }

  @Override
  public String description() {
    return "the old design: an unbounded free list per M, memory never goes back";
  }

  @Override
  public StackAllocator create(AllocatorOptions options) {
    return new FixallocAllocator(options);
  }
}
