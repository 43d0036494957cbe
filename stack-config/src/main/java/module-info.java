import org.jspecify.annotations.NullMarked;

/// Allocator options from JSON, strictly: every problem at once, each with its line and column.
@NullMarked
module io.stackkit.config {
  requires static org.jspecify;
  requires transitive io.stackkit.api;
  requires tools.jackson.core;

  exports io.stackkit.config;
}
