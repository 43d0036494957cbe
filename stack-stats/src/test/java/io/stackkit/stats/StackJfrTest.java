package io.stackkit.stats;

import static io.stackkit.stats.FakeAllocator.machine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.stackkit.api.LargeStats;
import io.stackkit.api.MachineStats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.SettingDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackJfrTest {

  private static final String EVENT = "io.stackkit.MemStats";

  @TempDir Path folder;

  /// Counts down at each reading.
  private static FakeAllocator watched(CountDownLatch latch) {
    var allocator =
        new FakeAllocator("fake,cacheSize=64") {
          @Override
          public List<MachineStats> machines() {
            latch.countDown();
            return super.machines();
          }
        };
    allocator.reads(machine(0, 9, 0), machine(1, 0, 4)).sys(16L * 4096);
    allocator.large = new LargeStats(1024, 2048, 3, 1);
    return allocator;
  }

  private List<RecordedEvent> events(Recording recording) throws IOException {
    recording.stop();
    Path file = folder.resolve("recording.jfr");
    recording.dump(file);
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals(EVENT))
        .toList();
  }

  @Test
  void recordingThatAsksForTheEventGetsTheFigures() throws Exception {
    // two readings an event: three events are over when the fourth begins
    CountDownLatch readings = new CountDownLatch(7);
    try (Recording recording = new Recording();
        StackRegistration registration = StackJfr.register("recorded", watched(readings))) {
      recording.enable(EVENT).with("period", "20 ms");
      recording.start();
      assertThat(readings.await(30, TimeUnit.SECONDS)).isTrue();

      List<RecordedEvent> events = events(recording);

      assertThat(events).hasSizeGreaterThanOrEqualTo(3);
      assertThat(events)
          .allSatisfy(
              event -> {
                assertThat(event.getString("name")).isEqualTo(registration.name());
                assertThat(event.getString("options")).isEqualTo("fake,cacheSize=64");
                assertThat(event.getInt("segmentSize")).isEqualTo(4096);
                assertThat(event.getLong("inuse")).isEqualTo(5L * 4096);
                assertThat(event.getLong("idle")).isEqualTo(11L * 4096);
                assertThat(event.getLong("sys")).isEqualTo(16L * 4096);
                assertThat(event.getLong("allocations")).isEqualTo(9);
                assertThat(event.getLong("frees")).isEqualTo(4);
                assertThat(event.getInt("machines")).isEqualTo(2);
                assertThat(event.getLong("largeInuse")).isEqualTo(1024);
                assertThat(event.getLong("largeIdle")).isEqualTo(2048);
                assertThat(event.getBoolean("exact")).isTrue();
              });
    }
  }

  @Test
  void eventIsOffUntilAskedFor() throws Exception {
    CountDownLatch readings = new CountDownLatch(1);
    try (Recording recording = new Recording();
        StackRegistration registration = StackJfr.register("unasked", watched(readings))) {
      EventType type =
          FlightRecorder.getFlightRecorder().getEventTypes().stream()
              .filter(candidate -> candidate.getName().equals(EVENT))
              .findFirst()
              .orElseThrow();

      assertThat(type.getSettingDescriptors())
          .filteredOn(setting -> setting.getName().equals("enabled"))
          .extracting(SettingDescriptor::getDefaultValue)
          .containsExactly("false");
      recording.start();
      assertThat(events(recording)).isEmpty();
      assertThat(readings.getCount()).as("never read").isEqualTo(1);
      assertThat(registration.name()).isEqualTo("unasked");
    }
  }

  @Test
  void nothingIsReadOnceTheRegistrationIsClosed() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(7);
    FakeAllocator closed = watched(first);
    try (Recording recording = new Recording()) {
      recording.enable(EVENT).with("period", "20 ms");
      recording.start();
      StackRegistration registration = StackJfr.register("closed", closed);
      assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();
      registration.close();
      registration.close();

      try (StackRegistration other = StackJfr.register("other", watched(second))) {
        // hooks run one after another: with a run of the other, none of the closed one is under way
        assertThat(second.await(30, TimeUnit.SECONDS)).isTrue();
        int then = closed.readings;
        CountDownLatch later = new CountDownLatch(7);
        try (StackRegistration last = StackJfr.register("last", watched(later))) {
          assertThat(later.await(30, TimeUnit.SECONDS)).isTrue();
          assertThat(closed.readings).isEqualTo(then);
          assertThat(last.name()).isNotEqualTo(other.name());
        }
      }
    }
  }

  @Test
  void emptyNameIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StackJfr.register("", new FakeAllocator()))
        .withMessageContaining("name");
  }
}
