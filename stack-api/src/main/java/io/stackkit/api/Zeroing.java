package io.stackkit.api;

/// When the memory of a segment is filled with zeros, so that no user sees what another left
/// behind.
public enum Zeroing {
  /// Never: a recycled segment holds what its last user left in it. The fastest.
  NONE("none"),
  /// Before a segment is handed out.
  ON_ALLOCATE("on-allocate"),
  /// When a segment is given back, so that secrets do not stay in memory.
  ON_FREE("on-free");

  private final String spec;

  Zeroing(String spec) {
    this.spec = spec;
  }

  /// Returns the name as written in a spec string or in JSON.
  ///
  /// @return `none`, `on-allocate` or `on-free`
  public String spec() {
    return spec;
  }
}
