package io.stackkit.api.segmented;

/// Keeps the fields of a [StackCore], which every push, allocation and close writes, and those of a
/// [SegmentChain], which are written at every split, off the cache line of whatever lies before
/// them in the heap: after a collection that may well be another thread's stack. What lies behind
/// them are cold fields of the same stack, or padding. A test looks at the layout with JOL.
@SuppressWarnings("unused")
abstract class StackPadding {
  // the header leaves four bytes free, where a JVM would put one of the fields
  private int gap;

  private long p0;
  private long p1;
  private long p2;
  private long p3;
  private long p4;
  private long p5;
  private long p6;
  private long p7;
}
