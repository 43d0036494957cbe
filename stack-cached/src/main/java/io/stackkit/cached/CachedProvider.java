package io.stackkit.cached;

import io.stackkit.api.spi.StackAllocatorProvider;

/// Provides the allocator `cached`.
public final class CachedProvider implements StackAllocatorProvider {

  /// For the service loader.
  public CachedProvider() {}

  @Override
  public String name() {
    return "cached";
  }

  @Override
  public String description() {
    return "a bounded cache per M and a global list: the default";
  }
}
