package io.stackkit.api.spi;

/// Padding before the hot fields of an M, which is 128 bytes because processors fetch cache lines
/// in pairs.
///
/// A JVM lays out a superclass's fields before a subclass's, so the hot fields lie between two runs
/// of padding whatever the collector puts beside the object: [MachinePadding], [MachineHotFields],
/// [MachineFields]. A gap that a superclass leaves is the exception: a subclass's field may go
/// there. A test looks at the layout with JOL.
@SuppressWarnings("unused")
abstract class MachinePadding {
  // The header leaves four bytes free before the first long, where a JVM would put `head`: right
  // behind whatever object lies before this one.
  private int gap;

  private long p00;
  private long p01;
  private long p02;
  private long p03;
  private long p04;
  private long p05;
  private long p06;
  private long p07;
  private long p08;
  private long p09;
  private long p10;
  private long p11;
  private long p12;
  private long p13;
  private long p14;
  private long p15;
}
