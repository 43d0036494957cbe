package io.stackkit.api.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.api.MachineStats;
import io.stackkit.api.StackSegment;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Which thread has which M.
class MachineRegistryTest {

  private final MachineRegistry<TestAllocator.TestMachine> registry =
      new MachineRegistry<>(id -> new TestAllocator.TestMachine(id, 1));

  @Test
  void aThreadKeepsItsMachine() throws InterruptedException {
    Thread current = Thread.currentThread();
    TestAllocator.TestMachine mine = registry.own(current);

    assertThat(mine).isNotNull();
    assertThat(registry.isShared(mine.id())).isFalse();
    assertThat(registry.own(current)).isSameAs(mine);
    assertThat(registry.find(current)).isSameAs(mine);
    Threads.one(() -> assertThat(registry.find(Thread.currentThread())).isNull());
    Threads.one(() -> assertThat(registry.own(Thread.currentThread())).isNotSameAs(mine));
    assertThat(registry.own(current)).isSameAs(mine);
  }

  @Test
  void aDeadThreadsMachineIsTakenUpWithItsCounts() throws InterruptedException {
    try (TestAllocator allocator = TestAllocator.unlimited(4, 1)) {
      ArrayDeque<StackSegment> segments = new ArrayDeque<>();
      for (int thread = 1; thread <= 2_000; thread++) {
        int id = thread;
        Threads.one(
            () -> {
              segments.add(allocator.allocate());
              if (id % 3 != 0) {
                segments.remove().close();
              }
            });

        List<MachineStats> all = allocator.machines();
        assertThat(all).hasSize(1);
        assertThat(all.getFirst().allocations()).isEqualTo(id);
        assertThat(all.getFirst().frees()).isEqualTo(id - id / 3);
        assertThat(all.getFirst().inUse()).isEqualTo(id / 3);
      }
      segments.forEach(StackSegment::close);
    }
  }

  @Test
  void upToSixtyFourMachinesAreNeverMoreThanLiveThreads() throws InterruptedException {
    for (int live : new int[] {1, 2, 7, MachineRegistry.PROBES}) {
      MachineRegistry<TestAllocator.TestMachine> registry =
          new MachineRegistry<>(id -> new TestAllocator.TestMachine(id, 1));
      churn(registry, live, 20 * live + 400);
      assertThat(registry.used()).as("%d alive", live).isEqualTo(live);
    }
  }

  @Test
  void manyLiveThreadsCostFewMachinesMore() throws InterruptedException {
    int live = 200;
    churn(registry, live, 4_000);

    assertThat(registry.used()).isBetween(live, live * 66 / 64 + 8);
  }

  /// Lets threads come and go, so many alive at once and no more: one dies for each that comes.
  private static void churn(
      MachineRegistry<TestAllocator.TestMachine> registry, int live, int threads)
      throws InterruptedException {
    ArrayDeque<Thread> alive = new ArrayDeque<>();
    Map<Thread, Semaphore> ends = new HashMap<>();
    for (int i = 0; i < threads; i++) {
      if (alive.size() == live) {
        Thread oldest = alive.remove();
        ends.remove(oldest).release();
        oldest.join();
      }
      CountDownLatch registered = new CountDownLatch(1);
      Semaphore end = new Semaphore(0);
      Thread thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    registry.own(Thread.currentThread());
                    registered.countDown();
                    end.acquireUninterruptibly();
                  });
      registered.await();
      alive.add(thread);
      ends.put(thread, end);
    }
    ends.values().forEach(Semaphore::release);
    for (Thread thread : alive) {
      thread.join();
    }
  }

  /// Thread ids equal modulo any table that 64 threads could need.
  @Test
  void threadsWhoseIdsCollideFindTheirOwn() throws InterruptedException {
    int count = 64;
    List<Thread> colliding = new ArrayList<>();
    Semaphore end = new Semaphore(0);
    CountDownLatch registered = new CountDownLatch(count);
    CountDownLatch all = new CountDownLatch(1);
    Map<Machine, Thread> owners = new ConcurrentHashMap<>();
    AtomicInteger wrong = new AtomicInteger();
    while (colliding.size() < count) {
      Thread thread =
          new Thread(
              () -> {
                Thread current = Thread.currentThread();
                Machine mine = registry.own(current);
                wrong.addAndGet(owners.put(mine, current) == null ? 0 : 1);
                registered.countDown();
                awaitUninterruptibly(all);
                // the table has grown since
                wrong.addAndGet(registry.own(current) == mine ? 0 : 1);
                wrong.addAndGet(registry.find(current) == mine ? 0 : 1);
                end.acquireUninterruptibly();
              });
      if (thread.threadId() % 256 == 7) {
        colliding.add(thread);
      }
    }
    colliding.forEach(Thread::start);
    registered.await();
    all.countDown();
    end.release(count);
    for (Thread thread : colliding) {
      thread.join();
    }

    assertThat(wrong).hasValue(0);
    assertThat(owners).hasSize(count);
    assertThat(registry.used()).isEqualTo(count);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theTableGrowsUnderItsReaders() throws InterruptedException {
    AtomicInteger wrong = new AtomicInteger();
    Map<Machine, Integer> owners = new ConcurrentHashMap<>();
    CountDownLatch registered = new CountDownLatch(300);

    Threads.run(
        300,
        id -> {
          Thread current = Thread.currentThread();
          Machine mine = registry.own(current);
          owners.put(mine, id);
          for (int i = 0; i < 500; i++) {
            wrong.addAndGet(registry.own(current) == mine && mine.owner == current ? 0 : 1);
          }
          registered.countDown();
          registered.await();
          wrong.addAndGet(registry.find(current) == mine ? 0 : 1);
        });

    assertThat(wrong).hasValue(0);
    assertThat(owners).hasSize(300);
    assertThat(registry.table().length).isGreaterThanOrEqualTo(512);
  }

  @Test
  void adoptersOfCollidingPlacesDoNotMixUp() throws InterruptedException {
    // threads die and come while others go on: a place may hold an M that has moved
    AtomicInteger wrong = new AtomicInteger();
    Threads.run(
        4,
        id -> {
          for (int round = 0; round < 300; round++) {
            Threads.run(
                3,
                ignored -> {
                  Thread current = Thread.currentThread();
                  Machine mine = registry.own(current);
                  for (int i = 0; i < 50; i++) {
                    wrong.addAndGet(registry.own(current) == mine && mine.owner == current ? 0 : 1);
                  }
                });
          }
        });

    assertThat(wrong).hasValue(0);
    assertThat(registry.used()).isLessThanOrEqualTo(12);
  }

  @Test
  void aDeadThreadIsLetGoOnceItsMachineWasSeen() throws InterruptedException {
    WeakReference<Thread> dead = registerAndDie();
    registry.forEachDead(false, machine -> assertThat(machine.owner).isNull());

    assertThat(isCleared(dead)).isTrue();
  }

  @Test
  void aDeadThreadIsLetGoWhenAnotherComes() throws InterruptedException {
    WeakReference<Thread> dead = registerAndDie();
    Threads.one(() -> registry.own(Thread.currentThread()));

    assertThat(isCleared(dead)).isTrue();
  }

  private WeakReference<Thread> registerAndDie() throws InterruptedException {
    Thread thread = new Thread(() -> registry.own(Thread.currentThread()));
    thread.start();
    thread.join();
    return new WeakReference<>(thread);
  }

  private static boolean isCleared(WeakReference<Thread> reference) {
    for (int i = 0; i < 50 && reference.get() != null; i++) {
      System.gc();
    }
    return reference.get() == null;
  }

  @Test
  void theDeadAreShownOnceAndOnlyTheDead() throws InterruptedException {
    Machine mine = registry.own(Thread.currentThread());
    churn(registry, 100, 100);

    List<Machine> seen = new ArrayList<>();
    registry.forEachDead(true, seen::add);
    assertThat(seen).hasSize(100).doesNotHaveDuplicates().doesNotContain(mine);
    seen.clear();
    registry.forEachDead(false, seen::add);
    assertThat(seen).hasSize(MachineRegistry.PROBES).doesNotHaveDuplicates();
  }

  @Test
  void sharedMachinesAreHandedToOneAtATime() throws InterruptedException {
    Map<Machine, AtomicInteger> inside = new ConcurrentHashMap<>();
    AtomicInteger wrong = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int round = 0; round < 500; round++) {
                      Machine machine = registry.lockShared(Thread.currentThread());
                      AtomicInteger now =
                          inside.computeIfAbsent(machine, id -> new AtomicInteger());
                      wrong.addAndGet(now.getAndIncrement() == 0 ? 0 : 1);
                      now.decrementAndGet();
                      machine.unlock();
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(wrong).hasValue(0);
    assertThat(registry.used()).isBetween(1, registry.all().size());
  }

  @Test
  void nobodyGetsAMachineAfterClose() throws InterruptedException {
    Thread current = Thread.currentThread();
    registry.own(current);
    registry.close();

    assertThat(registry.find(current)).isNull();
    assertThat(registry.own(current)).isNull();
    Threads.one(() -> assertThat(registry.own(Thread.currentThread())).isNull());
  }

  @Test
  void goesRoundAllMachinesOfPlatformThreads() throws InterruptedException {
    int live = 2 * MachineRegistry.PROBES;
    CountDownLatch all = new CountDownLatch(live);
    Threads.run(
        live,
        _ -> {
          registry.own(Thread.currentThread());
          all.countDown();
          all.await();
        });

    List<Integer> seen = new ArrayList<>();
    assertThat(registry.findAny(machine -> !seen.add(machine.id()))).isFalse();
    assertThat(seen).hasSize(live).doesNotHaveDuplicates();
    int next = seen.getFirst();
    assertThat(registry.findAny(machine -> machine.id() == next)).isTrue();
    // goes on behind the one that was found
    seen.clear();
    assertThat(registry.findAny(machine -> seen.add(machine.id()) && machine.id() == next))
        .isTrue();
    assertThat(seen).hasSize(live).endsWith(next);
  }
}
