package io.stackkit.api.spi;

import io.stackkit.api.StackSegment;

/// The padding of a [PooledSegment] in front of its fields.
@SuppressWarnings("unused")
abstract class PooledPadding extends StackSegment {
  // the gap that the header leaves, see Padding
  private int gap;

  private long q0;
  private long q1;
  private long q2;
  private long q3;
  private long q4;
  private long q5;
  private long q6;
  private long q7;
}
