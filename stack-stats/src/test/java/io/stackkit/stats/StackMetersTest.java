package io.stackkit.stats;

import static io.stackkit.stats.FakeAllocator.machine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stackkit.api.LargeStats;
import io.stackkit.api.MachineStats;
import org.junit.jupiter.api.Test;

class StackMetersTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private double gauge(String name) {
    return registry.get(name).tag("allocator", "scratch").gauge().value();
  }

  private double counter(String name) {
    return registry.get(name).tag("allocator", "scratch").functionCounter().count();
  }

  @Test
  void metersFollowTheAllocator() {
    var allocator =
        new FakeAllocator()
            .reads(new MachineStats(0, 9, 2, 9, 0, 3, 0), new MachineStats(1, -4, 1, 0, 4, 0, 5))
            .sys(16L * 4096);
    allocator.large = new LargeStats(1024, 2048, 3, 1);

    new StackMeters("scratch", allocator).bindTo(registry);

    assertThat(gauge("stackkit.memory.used")).isEqualTo(5 * 4096);
    assertThat(gauge("stackkit.memory.idle")).isEqualTo(11 * 4096);
    assertThat(gauge("stackkit.memory.system")).isEqualTo(16 * 4096);
    assertThat(gauge("stackkit.large.used")).isEqualTo(1024);
    assertThat(gauge("stackkit.large.idle")).isEqualTo(2048);
    assertThat(gauge("stackkit.machines")).isEqualTo(2);
    assertThat(counter("stackkit.segments.allocated")).isEqualTo(9);
    assertThat(counter("stackkit.segments.freed")).isEqualTo(4);
    assertThat(counter("stackkit.cache.refills")).isEqualTo(3);
    assertThat(counter("stackkit.cache.releases")).isEqualTo(5);

    allocator.reads(machine(0, 10, 9));
    assertThat(gauge("stackkit.memory.used")).isEqualTo(4096);
    assertThat(counter("stackkit.segments.allocated")).isEqualTo(10);
  }

  @Test
  void everyMeterSaysWhatItIs() {
    new StackMeters("scratch", new FakeAllocator()).bindTo(registry);

    assertThat(registry.getMeters())
        .hasSize(10)
        .extracting(Meter::getId)
        .allSatisfy(
            id -> {
              assertThat(id.getName()).startsWith("stackkit.");
              assertThat(id.getDescription()).isNotBlank();
              assertThat(id.getBaseUnit()).isNotBlank();
            });
  }

  @Test
  void allocatorsInOneRegistryAreToldApartByTheirNames() {
    var other = new FakeAllocator().reads(machine(0, 1, 0)).sys(4096L);
    var scratch = new FakeAllocator().reads(machine(0, 2, 0)).sys(8192L);
    new StackMeters("other", other).bindTo(registry);
    new StackMeters("scratch", scratch).bindTo(registry);

    assertThat(gauge("stackkit.memory.used")).isEqualTo(8192);
    assertThat(registry.get("stackkit.memory.used").tag("allocator", "other").gauge().value())
        .isEqualTo(4096);
  }

  @Test
  void emptyNameIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StackMeters("", new FakeAllocator()))
        .withMessageContaining("name");
  }
}
