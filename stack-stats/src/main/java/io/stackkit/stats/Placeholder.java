package io.stackkit.stats;

/// Keeps the exported package from being empty until its first class arrives; goes with it.
final class Placeholder {

  private Placeholder() {}
}
