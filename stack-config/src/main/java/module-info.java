import org.jspecify.annotations.NullMarked;

/// Allocator options from JSON, strictly.
@NullMarked
module io.stackkit.config {
  requires static org.jspecify;
  requires io.stackkit.api;
  requires tools.jackson.databind;

  exports io.stackkit.config;
}
