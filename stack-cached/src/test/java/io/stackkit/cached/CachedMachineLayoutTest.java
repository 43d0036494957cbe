package io.stackkit.cached;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.openjdk.jol.info.ClassLayout;
import org.openjdk.jol.info.FieldLayout;

/// An M with its cache, as the JVM lays it out.
class CachedMachineLayoutTest {

  private static final Set<String> HOT = Set.of("owner", "head", "allocations", "frees", "fullAt");

  @Test
  void neighboursInTheHeapShareNoLineWithTheHotFields() {
    ClassLayout layout = ClassLayout.parseClass(CachedMachine.Padded.class);
    long start = Long.MAX_VALUE;
    long end = 0;
    for (FieldLayout field : layout.fields()) {
      if (HOT.contains(field.name())) {
        start = Math.min(start, field.offset());
        end = Math.max(end, field.offset() + field.size());
      }
    }

    assertThat(start).isGreaterThanOrEqualTo(128);
    assertThat(end - start).isLessThanOrEqualTo(64);
    List<String> cold = new ArrayList<>();
    for (FieldLayout field : layout.fields()) {
      if (field
          .hostClass()
          .matches("CachedMachine|Padded|Shelf|.*[.$](CachedMachine|Padded|Shelf)")) {
        cold.add(field.name());
        assertThat(field.offset()).as(field.name()).isGreaterThanOrEqualTo(end + 128);
        if (!field.name().matches("r\\d\\d")) {
          // each shelved batch writes these
          assertThat(layout.instanceSize() - field.offset() - field.size())
              .as(field.name())
              .isGreaterThanOrEqualTo(128);
        }
      }
    }
    assertThat(cold).contains("next", "batches", "shelved", "r15");
  }
}
