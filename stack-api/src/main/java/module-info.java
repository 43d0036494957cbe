import org.jspecify.annotations.NullMarked;

/// Stack segments: fixed-size blocks of off-heap memory for any number of threads, and the
/// segmented stacks that stand on them. Allocators are plug-ins, found as services.
@NullMarked
module io.stackkit.api {
  requires static org.jspecify;

  exports io.stackkit.api;
  exports io.stackkit.api.segmented;
  exports io.stackkit.api.spi;

  uses io.stackkit.api.spi.StackAllocatorProvider;
}
