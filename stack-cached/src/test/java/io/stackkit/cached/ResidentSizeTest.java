package io.stackkit.cached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackAllocators;
import io.stackkit.api.StackSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What trimming and closing give back leaves the process, as the operating system sees it.
class ResidentSizeTest {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int SEGMENTS = 32_768;
  private static final long SIZE = SEGMENTS * 4096L;

  @Test
  void trimmingMakesTheProcessSmaller() throws IOException {
    try (StackAllocator allocator = open()) {
      long full = useAndFree(allocator);
      assertThat(allocator.trim()).isGreaterThan(SIZE * 9 / 10);
      assertThat(full - residentBytes()).isGreaterThan(SIZE / 2);
    }
  }

  @Test
  void closingMakesTheProcessSmaller() throws IOException {
    StackAllocator allocator = open();
    long full = useAndFree(allocator);
    allocator.close();
    assertThat(full - residentBytes()).isGreaterThan(SIZE / 2);
  }

  private static StackAllocator open() {
    assumeTrue(Files.isReadable(STATUS), "no /proc/self/status on this system");
    return StackAllocators.open(AllocatorOptions.parse("cached,segmentSize=4k"));
  }

  /// @return the resident size while all was in use
  private static long useAndFree(StackAllocator allocator) throws IOException {
    List<StackSegment> held = new ArrayList<>(SEGMENTS);
    for (int i = 0; i < SEGMENTS; i++) {
      StackSegment segment = allocator.allocate();
      segment.memory().fill((byte) 1);
      held.add(segment);
    }
    long full = residentBytes();
    held.forEach(StackSegment::close);
    return full;
  }

  private static long residentBytes() throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }
}
