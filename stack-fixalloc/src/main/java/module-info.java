import org.jspecify.annotations.NullMarked;

/// The allocator `fixalloc`: a free list per M, unbounded. The baseline.
@NullMarked
module io.stackkit.fixalloc {
  requires static org.jspecify;
  requires io.stackkit.api;

  provides io.stackkit.api.spi.StackAllocatorProvider with
      io.stackkit.fixalloc.FixallocProvider;
}
