import org.jspecify.annotations.NullMarked;

/// The allocator `cached`: a bounded cache per M and a global list. The default.
@NullMarked
module io.stackkit.cached {
  requires static org.jspecify;
  requires com.github.benmanes.caffeine;
  requires io.stackkit.api;

  provides io.stackkit.api.spi.StackAllocatorProvider with
      io.stackkit.cached.CachedProvider;
}
