package io.stackkit.stats;

import io.stackkit.api.StackAllocator;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

/// [StackUsage] as an event of Flight Recorder.
@Name("io.stackkit.MemStats")
@Label("Stack Segments")
@Category("stack kit")
@Description("Memory figures of an allocator of stack segments")
@Enabled(false)
@Period("10 s")
@StackTrace(false)
@SuppressWarnings("unused") // the fields are read by Flight Recorder
final class MemStatsEvent extends Event {

  @Label("Name")
  private String name = "";

  @Label("Options")
  private String options = "";

  @Label("Segment Size")
  @DataAmount
  private int segmentSize;

  @Label("In Use")
  @DataAmount
  private long inuse;

  @Label("Idle")
  @DataAmount
  private long idle;

  @Label("From System")
  @DataAmount
  private long sys;

  @Label("Allocations")
  private long allocations;

  @Label("Frees")
  private long frees;

  @Label("Refills")
  private long refills;

  @Label("Releases")
  private long releases;

  @Label("Ms")
  private int machines;

  @Label("Large In Use")
  @DataAmount
  private long largeInuse;

  @Label("Large Idle")
  @DataAmount
  private long largeIdle;

  @Label("Uncertainty")
  @Description("By how many segments the number in use may be off")
  private long uncertainty;

  @Label("Exact")
  @Description("Whether all figures belong to one moment")
  private boolean exact;

  void read(String name, StackAllocator allocator) {
    StackUsage usage = StackUsage.of(MemStats.read(allocator));
    this.name = name;
    this.options = allocator.options().toSpec();
    this.segmentSize = allocator.options().segmentSize();
    this.inuse = usage.inuse();
    this.idle = usage.idle();
    this.sys = usage.sys();
    this.allocations = usage.allocations();
    this.frees = usage.frees();
    this.refills = usage.refills();
    this.releases = usage.releases();
    this.machines = usage.machines();
    this.largeInuse = usage.largeInuse();
    this.largeIdle = usage.largeIdle();
    this.uncertainty = usage.uncertainty();
    this.exact = usage.exact();
  }
}
