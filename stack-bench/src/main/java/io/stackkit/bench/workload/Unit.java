package io.stackkit.bench.workload;

/// What a workload's time means.
public enum Unit {
  /// Wall-clock nanoseconds per operation, over all threads together, as Go counts. JMH measures
  /// operations per millisecond, whose figures can be read in its log.
  WALL_NS("ns/op", "wall-clock ns per recursion, over all threads together, as in Go"),
  /// Nanoseconds that a thread needs per block.
  NS_PER_BLOCK("ns/block", "ns per block, allocated and freed, as a thread sees it"),
  /// Nanoseconds that a thread needs per frame.
  NS_PER_FRAME("ns/frame", "ns per frame, opened and closed, as a thread sees it"),
  /// Seconds for the whole.
  SECONDS("sec", "seconds for the whole"),
  /// Times what the first contender needs, both in one JVM.
  TIMES("times the first", "time over that of the first allocator, both in turn in the same JVM");

  private static final double NANOS_PER_MILLI = 1e6;

  private final String symbol;
  private final String description;

  Unit(String symbol, String description) {
    this.symbol = symbol;
    this.description = description;
  }

  /// Returns what stands beside a figure.
  ///
  /// @return such as `ns/op`
  public String symbol() {
    return symbol;
  }

  /// Says what a figure means.
  ///
  /// @return a phrase
  public String description() {
    return description;
  }

  /// Turns what JMH measured into this unit.
  ///
  /// @param score JMH's score
  /// @return the time
  public double time(double score) {
    return this == WALL_NS ? NANOS_PER_MILLI / score : score;
  }
}
