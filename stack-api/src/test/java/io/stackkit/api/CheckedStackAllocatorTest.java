package io.stackkit.api;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.stackkit.testkit.Figures;
import io.stackkit.testkit.Parallel;
import io.stackkit.testkit.ReferenceAllocator;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class CheckedStackAllocatorTest {

  private static StackAllocator checked(String options) {
    return CheckedStackAllocator.over(
        new ReferenceAllocator(AllocatorOptions.parse("reference" + options)));
  }

  @Test
  void saysThatItIsChecked() {
    try (StackAllocator allocator = checked("")) {
      assertThat(allocator.options().checked()).isTrue();
      assertThat(CheckedStackAllocator.over(allocator)).isSameAs(allocator);
    }
    assertThatNullPointerException().isThrownBy(() -> CheckedStackAllocator.over(null));
  }

  @Test
  void everyAllocationHasAHandleOfItsOwn() {
    try (StackAllocator allocator = checked("")) {
      StackSegment first = allocator.allocate();
      long address = first.memory().address();
      allocator.free(first);
      StackSegment second = allocator.allocate();
      assertThat(second.memory().address()).isEqualTo(address);
      assertThat(second).isNotSameAs(first);

      // the memory is in use again, but not by the holder of the old handle
      assertThatIllegalStateException()
          .isThrownBy(first::memory)
          .withMessageContaining("use after free of segment of 4k at 0x%x", address)
          .withMessageContaining("everyAllocationHasAHandleOfItsOwn");
      assertThatIllegalStateException()
          .isThrownBy(() -> allocator.free(first))
          .withMessageContaining("double free of segment of 4k at 0x%x", address);
      Figures.assertInUse(allocator, 1);
      second.close();
    }
  }

  @Test
  void aDoubleFreeTellsWhoAllocatedAndWhoFreed() {
    try (StackAllocator allocator = checked("")) {
      StackSegment segment = allocateHere(allocator);
      freeHere(allocator, segment);
      assertThatIllegalStateException()
          .isThrownBy(segment::close)
          .withMessageMatching(
              "(?s)double free of .*allocated by thread .*allocateHere.*, freed by .*freeHere.*; "
                  + "now again by .*aDoubleFreeTells.*");
    }
  }

  private static StackSegment allocateHere(StackAllocator allocator) {
    return allocator.allocate();
  }

  private static void freeHere(StackAllocator allocator, StackSegment segment) {
    allocator.free(segment);
  }

  @Test
  void ofThreadsThatFreeAtOnceExactlyOneSucceeds() throws Exception {
    try (StackAllocator allocator = checked("")) {
      for (int round = 0; round < 200; round++) {
        StackSegment segment = allocator.allocate();
        AtomicInteger refused = new AtomicInteger();
        Parallel.platform(
            3,
            _ -> {
              try {
                allocator.free(segment);
              } catch (IllegalStateException e) {
                assertThat(e).hasMessageStartingWith("double free");
                refused.incrementAndGet();
              }
            });
        assertThat(refused).hasValue(2);
        Figures.assertNothingInUse(allocator);
      }
    }
  }

  @Test
  void freedMemoryIsOverwritten() {
    try (StackAllocator allocator = checked("")) {
      StackSegment segment = allocator.allocate();
      MemorySegment kept = segment.memory();
      kept.fill((byte) 7);
      segment.close();
      assertThat(kept.toArray(JAVA_BYTE)).containsOnly((byte) 0xDE);
    }
  }

  @Test
  void aWriteAfterFreeIsFoundAtTheNextAllocation() {
    for (String zeroing : List.of("none", "on-free")) {
      for (long offset : new long[] {0, 1, 2047, 4095}) {
        try (StackAllocator allocator = checked(",zeroing=" + zeroing)) {
          StackSegment segment = allocateHere(allocator);
          MemorySegment kept = segment.memory();
          segment.close();
          kept.set(JAVA_BYTE, offset, (byte) 0x2A);
          assertThatIllegalStateException()
              .isThrownBy(allocator::allocate)
              .withMessageStartingWith("write after free to segment of 4k at 0x%x", kept.address())
              .withMessageContaining("offset %d holds 0x2a", offset)
              .withMessageContaining("allocateHere");
          Figures.assertNothingInUse(allocator);
          // told once, then the memory is as good as any
          allocator.allocate().close();
        }
      }
    }
  }

  @Test
  void aWriteAfterFreeIsFoundWhenClosing() {
    for (Zeroing zeroing : Zeroing.values()) {
      StackAllocator allocator = checked(",zeroing=" + zeroing.spec());
      StackSegment segment = allocator.allocate();
      MemorySegment kept = segment.memory();
      segment.close();
      kept.set(JAVA_BYTE, 100, (byte) 1);
      assertThatIllegalStateException()
          .isThrownBy(allocator::close)
          .withMessageStartingWith("write after free")
          .withMessageContaining("offset 100 holds 0x01");
      assertThat(allocator.sysBytes()).isZero();
      allocator.close();
    }
  }

  @Test
  void aWriteAfterFreeIsFoundBeforeTheMemoryIsGivenBack() {
    try (StackAllocator allocator = checked("")) {
      StackSegment first = allocator.allocate();
      StackSegment second = allocator.allocate();
      List<MemorySegment> kept = List.of(first.memory(), second.memory());
      second.close();
      first.close();
      kept.forEach(memory -> memory.set(JAVA_BYTE, 64, (byte) 1));
      assertThatIllegalStateException()
          .isThrownBy(allocator::trim)
          .withMessageStartingWith("write after free")
          .withMessageContaining("offset 64 holds 0x01")
          .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
      assertThat(allocator.sysBytes()).isPositive();
      // told once
      assertThat(allocator.trim()).isPositive();
      assertThat(allocator.sysBytes()).isZero();
    }
  }

  @Test
  void whatTrimLooksAtIsStillWatchedAfterwards() {
    try (StackAllocator allocator = checked("")) {
      StackSegment other = allocator.allocate();
      StackSegment segment = allocator.allocate();
      MemorySegment kept = segment.memory();
      segment.close();
      // the other segment keeps the memory from going back
      assertThat(allocator.trim()).isZero();
      other.close();
      kept.set(JAVA_BYTE, 0, (byte) 1);
      assertThatIllegalStateException()
          .isThrownBy(allocator::trim)
          .withMessageStartingWith("write after free");
    }
  }

  @Test
  void trimTakesNoUseForAWriteAfterFree() throws Exception {
    try (StackAllocator allocator = checked("")) {
      Parallel.platform(
          3,
          thread -> {
            for (int round = 0; round < 2_000; round++) {
              if (thread == 0) {
                allocator.trim();
              } else {
                try (StackSegment segment = allocator.allocate()) {
                  segment.memory().fill((byte) round);
                }
              }
            }
          });
    }
  }

  @Test
  void anAllocatorThatZeroesByItselfIsVerifiedWhereItsMemoryRests() {
    StackAllocator allocator = checked(",zeroing=on-allocate");
    StackSegment segment = allocator.allocate();
    MemorySegment kept = segment.memory();
    segment.close();
    kept.set(JAVA_BYTE, 0, (byte) 1);
    assertThatIllegalStateException().isThrownBy(allocator::trim);
    allocator.close();
  }

  @Test
  void printsWhatItWatchesOver() {
    try (StackAllocator allocator = checked(",cacheSize=64,zeroing=on-free")) {
      assertThat(allocator).hasToString("checked reference,cacheSize=64,zeroing=on-free");
    }
  }

  @Test
  void memoryThatWentBackToTheSystemIsNotLookedAt() {
    try (StackAllocator allocator = checked("")) {
      for (int round = 0; round < 5; round++) {
        List<StackSegment> segments = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          segments.add(allocator.allocate());
          segments.add(allocator.allocate(10_000));
        }
        segments.forEach(StackSegment::close);
        assertThat(allocator.trim()).isPositive();
      }
    }
  }

  @Test
  void whatWasNotHandedOutByTheWrapperIsForeign() {
    StackAllocator inner = new ReferenceAllocator(AllocatorOptions.parse("reference"));
    try (StackAllocator allocator = CheckedStackAllocator.over(inner);
        StackSegment unchecked = inner.allocate()) {
      assertThatIllegalArgumentException().isThrownBy(() -> allocator.free(unchecked));
      Figures.assertInUse(allocator, 1);
    }
  }

  @Test
  void leaksAreListedByThePlaceThatAllocated() {
    StackAllocator allocator = checked("");
    for (int i = 0; i < 3; i++) {
      leakOften(allocator);
    }
    leakOnce(allocator);
    allocator.allocate().close();
    assertThatIllegalStateException()
        .isThrownBy(allocator::close)
        .withMessageMatching(
            "(?s)closed with 4 segments in use \\(.*"
                + "3 segments \\(12k\\), first by thread [^\n]*\n +at [^\n]*leakOften.*"
                + "1 segments \\([^)]*\\), first by thread [^\n]*\n +at [^\n]*leakOnce.*"
                + "try-with-resources.*");
    assertThat(allocator.sysBytes()).isZero();
  }

  private static void leakOften(StackAllocator allocator) {
    allocator.local().allocate();
  }

  private static void leakOnce(StackAllocator allocator) {
    allocator.allocate(10_000);
  }

  @Test
  void aLongListOfLeaksIsCut() {
    StackAllocator allocator = checked("");
    for (int depth = 1; depth <= 30; depth++) {
      leakAt(allocator, depth, new StringBuilder());
    }
    assertThatIllegalStateException()
        .isThrownBy(allocator::close)
        .satisfies(e -> assertThat(e.getMessage().lines().count()).isLessThan(20 * 5 + 4));
  }

  private static void leakAt(StackAllocator allocator, int depth, StringBuilder path) {
    if (depth == 1) {
      allocator.allocate();
    } else if (depth % 2 == 0) {
      leakAt(allocator, depth / 2, path.append('0'));
    } else {
      leakAt(allocator, depth / 2, path.append('1'));
    }
  }
}
