package io.stackkit.cached;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackSegment;
import io.stackkit.testkit.Patterns;
import io.stackkit.testkit.Worker;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Where segments go that serve several threads: home, to the M that had them from the system, as
/// long as that costs no more memory than the bound allows.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HomeTest {

  private static CachedAllocator open(String options) {
    return new CachedAllocator(
        AllocatorOptions.parse("cached,segmentSize=4k,cacheSize=32,batchSize=16," + options));
  }

  private static long held(CachedAllocator allocator) {
    return allocator.sysBytes() / 4096;
  }

  private static void free(List<StackSegment> segments) {
    segments.reversed().forEach(StackSegment::close);
  }

  /// What another thread has given back is not what it gets: 32 are in its cache, and for more it
  /// asks the system.
  @Test
  void comeHomeWhoeverFreesThem() throws Exception {
    try (CachedAllocator allocator = open("adaptive=25");
        Worker other = Worker.platform()) {
      List<StackSegment> mine = Patterns.allocate(allocator, 128);
      List<StackSegment> others =
          other.call(
              () -> {
                free(mine);
                return Patterns.allocate(allocator, 64);
              });
      assertThat(mine).containsAll(others.subList(0, 32));
      assertThat(mine).doesNotContainAnyElementsOf(others.subList(32, 64));
      assertThat(held(allocator)).isEqualTo(128 + 32);

      List<StackSegment> again = Patterns.allocate(allocator, 96);
      assertThat(mine).containsAll(again);
      assertThat(held(allocator)).isEqualTo(128 + 32);
      Patterns.assertDisjoint(again);
      again.forEach(StackSegment::close);
      others.forEach(StackSegment::close);
    }
  }

  /// Without adapting it is as in Go: whatever is free is used before the system is asked.
  @Test
  void areAnybodysWithoutAdapting() throws Exception {
    try (CachedAllocator allocator = open("adaptive=0");
        Worker other = Worker.platform()) {
      free(Patterns.allocate(allocator, 128));
      List<StackSegment> others = other.call(() -> Patterns.allocate(allocator, 96));
      assertThat(held(allocator)).isEqualTo(128);
      others.forEach(StackSegment::close);
    }
  }

  @Test
  void areAnybodysOnceTheBoundIsReached() throws Exception {
    try (CachedAllocator allocator = open("adaptive=5");
        Worker other = Worker.platform()) {
      free(Patterns.allocate(allocator, 1_000));
      List<StackSegment> others = other.call(() -> Patterns.allocate(allocator, 950));
      assertThat(held(allocator)).isBetween(1_050L, 1_050L + 2 * 32);
      others.forEach(StackSegment::close);
    }
  }

  /// The Ms of virtual threads are nobody's home.
  @Test
  void areAnybodysForVirtualThreads() throws Exception {
    try (CachedAllocator allocator = open("adaptive=100");
        Worker virtual = Worker.virtual()) {
      free(Patterns.allocate(allocator, 128));
      List<StackSegment> others = virtual.call(() -> Patterns.allocate(allocator, 96));
      assertThat(held(allocator)).isEqualTo(128);
      others.forEach(StackSegment::close);
    }
  }

  /// Everybody might have their own by the bound, but the limit allows no more.
  @Test
  void areAnybodysAtTheLimit() throws Exception {
    try (CachedAllocator allocator = open("adaptive=100,maxBytes=512k");
        Worker other = Worker.platform()) {
      free(Patterns.allocate(allocator, 128));
      List<StackSegment> others = other.call(() -> Patterns.allocate(allocator, 128));
      assertThat(held(allocator)).isEqualTo(128);
      others.forEach(StackSegment::close);
    }
  }

  /// What came home to a thread that has died goes to whoever asks next.
  @Test
  void areInheritedFromTheDead() throws Exception {
    try (CachedAllocator allocator = open("adaptive=100")) {
      allocator.allocate().close();
      Thread thread = Thread.ofPlatform().start(() -> free(Patterns.allocate(allocator, 256)));
      thread.join();
      assertThat(held(allocator)).isEqualTo(256 + 16);
      List<StackSegment> all = Patterns.allocate(allocator, 256 + 16);
      Patterns.assertDisjoint(all);
      assertThat(held(allocator)).isEqualTo(256 + 16);
      all.forEach(StackSegment::close);
    }
  }

  /// So does what its M still had.
  @Test
  void areInheritedFromADeadCache() throws Exception {
    try (CachedAllocator allocator = open("adaptive=100")) {
      allocator.allocate().close();
      Thread thread = Thread.ofPlatform().start(() -> free(Patterns.allocate(allocator, 32)));
      thread.join();
      List<StackSegment> all = Patterns.allocate(allocator, 32 + 16);
      assertThat(held(allocator)).isEqualTo(32 + 16);
      all.forEach(StackSegment::close);
    }
  }

  /// What is left of a slab after a trim is where it was.
  @Test
  void stayAtHomeAfterATrim() throws Exception {
    try (CachedAllocator allocator = open("adaptive=25");
        Worker other = Worker.platform()) {
      List<StackSegment> mine = Patterns.allocate(allocator, 128);
      // one of each slab stays in use
      List<StackSegment> kept = mine.stream().filter(each -> mine.indexOf(each) % 16 == 0).toList();
      List<StackSegment> given = mine.stream().filter(each -> !kept.contains(each)).toList();
      free(given);
      assertThat(allocator.trim()).isZero();
      List<StackSegment> others = other.call(() -> Patterns.allocate(allocator, 32));
      assertThat(mine).doesNotContainAnyElementsOf(others);
      assertThat(given).containsAll(Patterns.allocate(allocator, given.size()));
      mine.forEach(StackSegment::close);
      others.forEach(StackSegment::close);
    }
  }
}
