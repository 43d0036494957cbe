package io.stackkit.api.spi;

/// Padding before hot fields, which is 128 bytes because processors fetch cache lines in pairs.
///
/// A JVM lays out a superclass's fields before a subclass's, so hot fields lie between two runs of
/// padding, whatever the collector puts beside the object, if these are three classes: for an M
/// [Padding], [MachineHotFields] and [MachineFields]. A gap that a superclass leaves is the
/// exception: a subclass's field may go there. A test looks at the layout with JOL.
///
/// Not only what threads write wants padding, but also what all of them read: it lies beside what
/// others write. An allocator lay behind a thread's chain of segments in some JVMs: there deep
/// recursion in two threads took 1.3 to 1.9 times as long (the benchmarks' `--paired --workload
/// deep --threads 2`, where single forks stood out), waiting for [HotFields#segments].
///
/// The runs of fields are written out wherever they are needed: the JDK's `@Contended` is not for
/// others, and an array cannot lie inside an object.
@SuppressWarnings("unused")
abstract class Padding {
  // The header leaves four bytes free before the first long, where a JVM would put a field of a
  // subclass: right behind whatever object lies before this one.
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
