import org.jspecify.annotations.NullMarked;

/// Memory figures of allocators: in code, over JMX, in Flight Recorder and, if present, to
/// Micrometer.
@NullMarked
module io.stackkit.stats {
  requires static org.jspecify;
  requires static micrometer.core;
  requires com.google.common;
  requires io.stackkit.api;
  requires java.management;
  requires jdk.jfr;

  exports io.stackkit.stats;
}
