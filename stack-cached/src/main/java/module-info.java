import org.jspecify.annotations.NullMarked;

/// The allocator `cached`, the default: a cache per M, of which what it has grown by is in others'
/// reach, over a depot in shards. Memory is bounded by the most that was in use.
@NullMarked
module io.stackkit.cached {
  requires static org.jspecify;
  requires com.github.benmanes.caffeine;
  requires io.stackkit.api;

  provides io.stackkit.api.spi.StackAllocatorProvider with
      io.stackkit.cached.CachedProvider;
}
