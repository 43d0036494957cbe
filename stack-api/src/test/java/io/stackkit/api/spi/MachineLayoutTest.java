package io.stackkit.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jol.info.ClassLayout;
import org.openjdk.jol.info.FieldLayout;
import org.openjdk.jol.vm.VM;

/// Where the JVM puts the fields that every allocate and free touches, or reads.
class MachineLayoutTest {

  /// Two cache lines: processors fetch them in pairs.
  private static final long APART = 128;

  private static final Set<String> HOT = Set.of("owner", "head", "allocations", "frees", "fullAt");

  @Test
  void hotFieldsAreFarFromEverythingElse() {
    ClassLayout layout = ClassLayout.parseClass(Machine.class);
    List<FieldLayout> hot =
        layout.fields().stream().filter(field -> HOT.contains(field.name())).toList();

    assertThat(hot).extracting(FieldLayout::name).containsExactlyInAnyOrderElementsOf(HOT);
    long start = hot.stream().mapToLong(FieldLayout::offset).min().orElseThrow();
    long end = hot.stream().mapToLong(field -> field.offset() + field.size()).max().orElseThrow();
    assertThat(end - start).isLessThanOrEqualTo(64);
    // whatever the neighbour in the heap is: inside the object, on either side
    assertThat(start).isGreaterThanOrEqualTo(APART);
    assertThat(layout.instanceSize() - end).isGreaterThanOrEqualTo(APART);
    for (FieldLayout field : layout.fields()) {
      boolean unwritten = field.name().matches("gap|[pq]\\d\\d|id");
      if (!unwritten && !HOT.contains(field.name())) {
        assertThat(field.offset() + field.size() <= start - APART || field.offset() >= end + APART)
            .as("%s lies %d bytes from the start of the hot fields", field.name(), field.offset())
            .isTrue();
      }
    }
  }

  /// What all threads read must not wait for what one of them writes beside it.
  @ParameterizedTest
  @MethodSource
  void whatEveryAllocateReadsIsFarFromItsNeighbours(Class<?> type, Set<String> hot) {
    ClassLayout layout = ClassLayout.parseClass(type);
    List<FieldLayout> found =
        layout.fields().stream().filter(field -> hot.contains(field.name())).toList();

    assertThat(found).hasSize(hot.size());
    assertThat(found)
        .allMatch(field -> field.offset() >= APART)
        .allMatch(field -> layout.instanceSize() - field.offset() - field.size() >= 64);
  }

  static Stream<Arguments> whatEveryAllocateReadsIsFarFromItsNeighbours() {
    return Stream.of(
        arguments(MachineAllocator.class, Set.of("table", "segments")),
        arguments(LocalView.Padded.class, Set.of("allocator", "machine")));
  }

  @Test
  void handlesShareNoCacheLineWithEachOther() {
    ClassLayout layout = ClassLayout.parseClass(PooledSegment.class);
    List<FieldLayout> used =
        layout.fields().stream().filter(field -> !field.name().matches("p\\d")).toList();
    long start = used.stream().mapToLong(FieldLayout::offset).min().orElseThrow();
    long end = used.stream().mapToLong(field -> field.offset() + field.size()).max().orElseThrow();

    // header and fields go together: a free looks at both
    assertThat(start).isLessThanOrEqualTo(16);
    assertThat(layout.instanceSize() - end).isGreaterThanOrEqualTo(64);
    assumeThat(VM.current().details()).containsIgnoringCase("compressed references");
    assertThat(end - start).isLessThanOrEqualTo(24);
  }
}
