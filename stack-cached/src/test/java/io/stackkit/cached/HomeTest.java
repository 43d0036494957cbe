package io.stackkit.cached;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackSegment;
import io.stackkit.testkit.Patterns;
import io.stackkit.testkit.Worker;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  /// Has the calling thread's cache grown: it needs again what it gave away.
  private static void grow(CachedAllocator allocator, int segments) {
    for (int i = 0; i < 4; i++) {
      free(Patterns.allocate(allocator, segments));
    }
  }

  @Test
  void comeHomeWhoeverFreesThem() throws Exception {
    try (CachedAllocator allocator = open("adaptive=25");
        Worker other = Worker.platform()) {
      grow(allocator, 128);
      List<StackSegment> mine = Patterns.allocate(allocator, 128);
      other.run(() -> free(mine));
      assertThat(held(allocator)).isEqualTo(128);

      // 32 are in the other one's cache
      List<StackSegment> again = Patterns.allocate(allocator, 96);
      assertThat(mine).containsAll(again);
      assertThat(held(allocator)).isEqualTo(128);
      Patterns.assertDisjoint(again);
      again.forEach(StackSegment::close);
    }
  }

  @Test
  void areNotForOthersWhoseCacheHasGrown() throws Exception {
    try (CachedAllocator allocator = open("adaptive=25");
        Worker other = Worker.platform()) {
      List<StackSegment> mine = Patterns.allocate(allocator, 128);
      other.run(() -> grow(allocator, 64));
      assertThat(held(allocator)).isEqualTo(128 + 64);
      free(mine);
      List<StackSegment> others = other.call(() -> Patterns.allocate(allocator, 128));
      assertThat(mine).doesNotContainAnyElementsOf(others);
      assertThat(held(allocator)).isEqualTo(128 + 128);

      assertThat(mine).containsAll(Patterns.allocate(allocator, 128));
      mine.forEach(StackSegment::close);
      others.forEach(StackSegment::close);
    }
  }

  /// Threads that come and go take what is there; without adapting everybody does, as in Go.
  @ParameterizedTest
  @ValueSource(ints = {0, 25, 100})
  void areAnybodysWhoseCacheHasNotGrown(int adaptive) throws Exception {
    try (Worker other = Worker.platform()) {
      assertAreFor(other, adaptive);
    }
  }

  /// The Ms of virtual threads are nobody's home.
  @Test
  void areAnybodysForVirtualThreads() throws Exception {
    try (Worker virtual = Worker.virtual()) {
      assertAreFor(virtual, 100);
    }
  }

  private static void assertAreFor(Worker other, int adaptive) throws Exception {
    try (CachedAllocator allocator = open("adaptive=" + adaptive)) {
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
      List<StackSegment> mine = Patterns.allocate(allocator, 1_000);
      other.run(() -> grow(allocator, 64));
      free(mine);
      List<StackSegment> others = other.call(() -> Patterns.allocate(allocator, 950));
      // 5 % of 1,064 beyond that, and 32 for each M
      assertThat(held(allocator)).isBetween(1_064L + 53, 1_064L + 53 + 2 * 32);
      others.forEach(StackSegment::close);
    }
  }

  /// Everybody might have their own by the bound, but the limit allows no more.
  @Test
  void areAnybodysAtTheLimit() throws Exception {
    try (CachedAllocator allocator = open("adaptive=100,maxBytes=512k");
        Worker other = Worker.platform()) {
      List<StackSegment> mine = Patterns.allocate(allocator, 64);
      other.run(() -> grow(allocator, 64));
      free(mine);
      List<StackSegment> others = other.call(() -> Patterns.allocate(allocator, 128));
      assertThat(held(allocator)).isEqualTo(128);
      others.forEach(StackSegment::close);
    }
  }

  /// What came home to a thread that has died goes to whoever asks next.
  @Test
  void areInheritedFromTheDead() throws Exception {
    try (CachedAllocator allocator = open("adaptive=100")) {
      grow(allocator, 64);
      List<StackSegment> mine = Patterns.allocate(allocator, 64);
      Thread thread = Thread.ofPlatform().start(() -> free(Patterns.allocate(allocator, 256)));
      thread.join();
      free(mine);
      assertThat(held(allocator)).isEqualTo(256 + 64);
      List<StackSegment> all = Patterns.allocate(allocator, 256 + 64);
      Patterns.assertDisjoint(all);
      assertThat(held(allocator)).isEqualTo(256 + 64);
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
      grow(allocator, 128);
      List<StackSegment> mine = Patterns.allocate(allocator, 128);
      other.run(() -> grow(allocator, 64));
      // one of each slab stays in use
      List<StackSegment> kept = mine.stream().filter(each -> mine.indexOf(each) % 16 == 0).toList();
      List<StackSegment> given = mine.stream().filter(each -> !kept.contains(each)).toList();
      free(given);
      // by a third thread: the cache of whoever trims is no longer a grown one
      Thread.ofPlatform().start(allocator::trim).join();
      List<StackSegment> others = other.call(() -> Patterns.allocate(allocator, 128));
      assertThat(mine).doesNotContainAnyElementsOf(others);
      assertThat(given).containsAll(Patterns.allocate(allocator, given.size()));
      mine.forEach(StackSegment::close);
      others.forEach(StackSegment::close);
    }
  }
}
