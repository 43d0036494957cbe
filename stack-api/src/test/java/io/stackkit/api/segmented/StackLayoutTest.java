package io.stackkit.api.segmented;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.openjdk.jol.info.ClassLayout;

/// Where the JVM puts the fields that every push, allocation and close writes.
class StackLayoutTest {

  private static final Set<String> HOT =
      Set.of("top", "next", "sp", "limit", "current", "ready", "slowUpTo", "marked");

  @Test
  void hotFieldsShareNoCacheLineWithTheNeighbourInTheHeap() {
    ClassLayout layout = ClassLayout.parseClass(SegmentedStack.class);

    var hot = layout.fields().stream().filter(field -> HOT.contains(field.name())).toList();

    assertThat(hot)
        .hasSize(HOT.size())
        .allMatch(field -> field.offset() >= 64)
        .allMatch(field -> layout.instanceSize() - field.offset() - field.size() >= 64);
  }

  @Test
  void aChainSharesNoCacheLineWithItsNeighboursInTheHeap() {
    ClassLayout layout = ClassLayout.parseClass(SegmentChain.Padded.class);

    var fields =
        layout.fields().stream().filter(field -> !field.name().matches("gap|[pq]\\d")).toList();

    assertThat(fields)
        .hasSizeGreaterThan(5)
        .allMatch(field -> field.offset() >= 64)
        .allMatch(field -> layout.instanceSize() - field.offset() - field.size() >= 64);
  }
}
