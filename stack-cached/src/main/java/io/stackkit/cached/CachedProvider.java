package io.stackkit.cached;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.spi.StackAllocatorProvider;

/// Provides `cached`, the default: a bounded cache per M and a shared depot in shards.
public final class CachedProvider implements StackAllocatorProvider {

  /// For the service loader.
  public CachedProvider() {}

  @Override
  public String name() {
    return "cached";
  }

  @Override
  public String description() {
    return "the new design: a bounded cache per M over a shared depot; memory bounded by what is in"
        + " use";
  }

  @Override
  public StackAllocator create(AllocatorOptions options) {
    return new CachedAllocator(options);
  }
}
