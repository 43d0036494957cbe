package io.stackkit.cached;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.MachineStats;
import io.stackkit.api.StackSegment;
import io.stackkit.testkit.Patterns;
import io.stackkit.testkit.Worker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Hot chains of twice the length: they make nothing unreachable that the bound does not allow.
class LongChainsTest {

  private static CachedAllocator open(int adaptive) {
    return new CachedAllocator(
        AllocatorOptions.parse(
            "cached,segmentSize=4k,cacheSize=32,batchSize=16,adaptive=" + adaptive));
  }

  private static void burst(CachedAllocator allocator, int size) {
    for (int i = 0; i < 60; i++) {
      Patterns.allocate(allocator, size).reversed().forEach(StackSegment::close);
    }
  }

  /// What a thread's M keeps for itself when others have taken all that they can.
  private static long unreachable(CachedAllocator allocator, Worker worker) throws Exception {
    long most = 0;
    // wherever the last chain ends
    for (int size = 300; size < 364; size += 9) {
      int wanted = size;
      worker.run(() -> burst(allocator, wanted));
      allocator.trim();
      List<MachineStats> machines = allocator.machines();
      most = Math.max(most, machines.getLast().idle());
    }
    return most;
  }

  @Test
  void thereAreAsManyAsTheSharePaysFor() {
    LongChains chains = new LongChains(25);
    assertThat(chains.tryGrant(32, 127)).isFalse();
    assertThat(chains.tryGrant(32, 128)).isTrue();
    assertThat(chains.tryGrant(32, 255)).isFalse();
    assertThat(chains.tryGrant(32, 256)).isTrue();
    assertThat(chains.tryGrant(32, 256)).isFalse();
    chains.giveBack();
    assertThat(chains.tryGrant(32, 256)).isTrue();
    assertThat(new LongChains(0).tryGrant(1, Integer.MAX_VALUE)).isFalse();
  }

  /// A tenth of what is in use at the most pays for one.
  @Test
  void anMThatIsEmptiedGivesItsRightBack() throws Exception {
    try (CachedAllocator allocator = open(10);
        Worker first = Worker.platform();
        Worker second = Worker.platform()) {
      assertThat(unreachable(allocator, first)).isBetween(33L, 64L);
      assertThat(unreachable(allocator, second)).isBetween(1L, 32L);
      first.run(allocator::trim);
      assertThat(unreachable(allocator, second)).isBetween(33L, 64L);
    }
  }

  /// Forty threads with caches that have grown, one after the other.
  @Test
  void theBoundIsTheSame() throws Exception {
    List<Worker> workers = new ArrayList<>();
    try (CachedAllocator allocator = open(25)) {
      for (int i = 0; i < 40; i++) {
        Worker worker = Worker.platform();
        workers.add(worker);
        // they end at different places of a chain
        int size = 341 - i % 5 * 13;
        worker.run(() -> burst(allocator, size));
      }
      assertThat(allocator.sysBytes() / 4096).isLessThanOrEqualTo(341 * 125 / 100 + 40 * 32);
    } finally {
      workers.forEach(Worker::close);
    }
  }

  /// A thread that takes from one that has long chains gets ordinary ones.
  @Test
  void areCutWhenTheyAreLent() throws Exception {
    try (CachedAllocator allocator = open(10);
        Worker owner = Worker.platform();
        Worker other = Worker.platform()) {
      owner.run(() -> burst(allocator, 341));
      List<StackSegment> taken = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        taken.add(other.call(allocator::allocate));
        assertThat(allocator.machines().getLast().idle()).isLessThan(32);
      }
      assertThat(allocator.sysBytes() / 4096).isLessThanOrEqualTo(341 * 110 / 100 + 2 * 32);
      Patterns.assertDisjoint(taken);
      taken.forEach(StackSegment::close);
    }
  }

  /// A cache that has become too large gives batches to the depot that are no longer than others.
  @Test
  void areCutWhenTheyLeave() {
    try (CachedAllocator allocator = open(25)) {
      burst(allocator, 341);
      for (int i = 0; i < 2_000; i++) {
        Patterns.allocate(allocator, 150).reversed().forEach(StackSegment::close);
      }
      MachineStats machine = allocator.machines().getFirst();
      assertThat(machine.idle()).isLessThan(300);
      long held = allocator.sysBytes() / 4096;
      List<Integer> batches = DepotView.drain(allocator);
      assertThat(batches).allMatch(length -> length <= 32);
      assertThat(batches.stream().mapToLong(Integer::intValue).sum() + machine.idle())
          .isEqualTo(held);
      // each came with a slab of 16 or was released, and those that were fetched are gone
      assertThat(batches).hasSize((int) (held / 16 + machine.releases() - machine.refills()));
    }
  }
}
