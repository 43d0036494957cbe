package io.stackkit.cached;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.spi.StackAllocatorProvider;

/// Provides `cached`, the default: a cache per M, of which what it has grown by is in others'
/// reach, over a depot in shards.
public final class CachedProvider implements StackAllocatorProvider {

  /// For the service loader.
  public CachedProvider() {}

  @Override
  public String name() {
    return "cached";
  }

  @Override
  public String description() {
    return "the new design: a cache per M over a shared depot; memory bounded by the most that was"
        + " in use";
  }

  @Override
  public StackAllocator create(AllocatorOptions options) {
    return new CachedAllocator(options);
  }
}
