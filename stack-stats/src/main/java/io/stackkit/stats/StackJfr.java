package io.stackkit.stats;

import com.google.common.base.Preconditions;
import com.google.common.base.Strings;
import io.stackkit.api.StackAllocator;
import jdk.jfr.FlightRecorder;

/// Puts the figures of allocators into flight recordings: the periodic event
/// `io.stackkit.MemStats`.
///
/// The event is off until a recording asks for it, and costs nothing till then. It comes every 10 s
/// unless the recording says otherwise, once for each registered allocator:
///
/// ```java
/// recording.enable("io.stackkit.MemStats").withPeriod(Duration.ofSeconds(1));
/// ```
///
/// The fields are those of [StackUsage], and `name`, `options` and `segmentSize`.
public final class StackJfr {

  private StackJfr() {}

  /// Registers an allocator.
  ///
  /// @param name what to call it in the events; need not be unique, but had better be
  /// @param allocator the allocator to read
  /// @return the registration; closing it ends the events
  /// @throws IllegalArgumentException if the name is empty
  public static StackRegistration register(String name, StackAllocator allocator) {
    Preconditions.checkArgument(!Strings.isNullOrEmpty(name), "name: must not be empty");
    Preconditions.checkNotNull(allocator, "allocator");
    Registration registration = new Registration(name, allocator);
    FlightRecorder.addPeriodicEvent(MemStatsEvent.class, registration);
    return registration;
  }

  /// Not a record: Flight Recorder tells hooks apart by identity, and an allocator may be
  /// registered twice.
  private static final class Registration implements StackRegistration, Runnable {

    private final String name;
    private final StackAllocator allocator;

    Registration(String name, StackAllocator allocator) {
      this.name = name;
      this.allocator = allocator;
    }

    @Override
    public void run() {
      MemStatsEvent event = new MemStatsEvent();
      event.read(name, allocator);
      event.commit();
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void close() {
      // false if it was removed before
      var _ = FlightRecorder.removePeriodicEvent(this);
    }
  }
}
