package io.stackkit.stats;

import com.google.common.base.Preconditions;
import com.google.common.base.Strings;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.stackkit.api.StackAllocator;
import java.util.function.ToDoubleFunction;

/// The figures of an allocator as Micrometer meters. Needs `micrometer-core`, which this kit does
/// not bring along.
///
/// ```java
/// new StackMeters("scratch", allocator).bindTo(registry);
/// ```
///
/// | meter | kind | unit |
/// |---|---|---|
/// | `stackkit.memory.used` | gauge | bytes in use |
/// | `stackkit.memory.idle` | gauge | bytes obtained, not in use |
/// | `stackkit.memory.system` | gauge | bytes obtained from the system |
/// | `stackkit.large.used`, `stackkit.large.idle` | gauge | bytes of segments above the fixed size, counted apart |
/// | `stackkit.machines` | gauge | Ms |
/// | `stackkit.segments.allocated`, `stackkit.segments.freed` | counter | segments |
/// | `stackkit.cache.refills`, `stackkit.cache.releases` | counter | batches |
///
/// Each has the tag `allocator` with the name given here. Every meter is read anew, by way of
/// [MemStats]. Meters do not keep the allocator alive: once it has been collected, gauges are
/// not-a-number and counters stay. Of a closed allocator the gauges of memory are 0.
public final class StackMeters implements MeterBinder {

  private final StackAllocator allocator;
  private final Tags tags;

  /// Prepares the meters of an allocator.
  ///
  /// @param name the value of the tag `allocator`; unique within a registry, or the meters of the
  ///   first one win
  /// @param allocator the allocator to read
  /// @throws IllegalArgumentException if the name is empty
  public StackMeters(String name, StackAllocator allocator) {
    Preconditions.checkArgument(!Strings.isNullOrEmpty(name), "name: must not be empty");
    this.allocator = Preconditions.checkNotNull(allocator, "allocator");
    this.tags = Tags.of("allocator", name);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    bytes(registry, "stackkit.memory.used", "Memory of segments in use", StackUsage::inuse);
    bytes(registry, "stackkit.memory.idle", "Memory obtained but not in use", StackUsage::idle);
    bytes(registry, "stackkit.memory.system", "Memory obtained from the system", StackUsage::sys);
    bytes(
        registry, "stackkit.large.used", "Memory of large segments in use", StackUsage::largeInuse);
    bytes(registry, "stackkit.large.idle", "Memory of large segments kept", StackUsage::largeIdle);
    Gauge.builder("stackkit.machines", allocator, usage(StackUsage::machines))
        .description("Ms that were ever used")
        .baseUnit("machines")
        .tags(tags)
        .register(registry);
    count(
        registry,
        "stackkit.segments.allocated",
        "Segments handed out",
        "segments",
        StackUsage::allocations);
    count(
        registry, "stackkit.segments.freed", "Segments given back", "segments", StackUsage::frees);
    count(
        registry,
        "stackkit.cache.refills",
        "Batches that filled an empty cache",
        "batches",
        StackUsage::refills);
    count(
        registry,
        "stackkit.cache.releases",
        "Batches that a full cache gave away",
        "batches",
        StackUsage::releases);
  }

  private void bytes(
      MeterRegistry registry,
      String name,
      String description,
      ToDoubleFunction<StackUsage> figure) {
    Gauge.builder(name, allocator, usage(figure))
        .description(description)
        .baseUnit(BaseUnits.BYTES)
        .tags(tags)
        .register(registry);
  }

  private void count(
      MeterRegistry registry,
      String name,
      String description,
      String unit,
      ToDoubleFunction<StackUsage> figure) {
    FunctionCounter.builder(name, allocator, usage(figure))
        .description(description)
        .baseUnit(unit)
        .tags(tags)
        .register(registry);
  }

  /// Must not capture the allocator: registries hold it weakly.
  private static ToDoubleFunction<StackAllocator> usage(ToDoubleFunction<StackUsage> figure) {
    return allocator -> figure.applyAsDouble(StackUsage.of(MemStats.read(allocator)));
  }
}
