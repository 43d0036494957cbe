package io.stackkit.api.spi;

import static io.stackkit.api.spi.Machine.EMPTY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The depot under several threads at full speed.
class DepotConcurrencyTest {

  private static final int THREADS = 4;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void everyBatchIsPoppedOnceBetweenTwoPushes(int shards) throws InterruptedException {
    int batches = 12;
    Depot depot = TestAllocator.withBareHandles(shards, 2 * batches).theDepot();
    for (int i = 0; i < batches; i++) {
      depot.setNext(2 * i, 2 * i + 1);
      depot.setNext(2 * i + 1, EMPTY);
      depot.setCount(2 * i, 2);
      depot.push(i, 2 * i);
    }
    AtomicIntegerArray taken = new AtomicIntegerArray(2 * batches);
    AtomicInteger faults = new AtomicInteger();

    Threads.run(THREADS, id -> popAndPush(depot, id, taken, faults));

    assertThat(faults).hasValue(0);
    List<Integer> left = new ArrayList<>();
    for (int first = depot.pop(0, 1); first != EMPTY; first = depot.pop(0, 1)) {
      left.add(first);
    }
    assertThat(left).hasSize(batches).doesNotHaveDuplicates().allMatch(first -> first % 2 == 0);
    assertThat(depot.isEmpty()).isTrue();
  }

  private static void popAndPush(
      Depot depot, int id, AtomicIntegerArray taken, AtomicInteger faults) {
    SplittableRandom random = new SplittableRandom(id);
    int[] mine = new int[3];
    int count = 0;
    for (int i = 0; i < 200_000; i++) {
      // the oldest goes back first: heads come back with other links
      if (count == mine.length || (count > 0 && random.nextBoolean())) {
        int first = mine[0];
        System.arraycopy(mine, 1, mine, 0, --count);
        taken.set(first, 0);
        depot.push(random.nextInt(), first);
      } else {
        int first = depot.pop(random.nextInt(), 1);
        if (first != EMPTY) {
          boolean good = taken.compareAndSet(first, 0, 1) && depot.count(first) == 2;
          faults.addAndGet(good ? 0 : 1);
          mine[count++] = first;
        }
      }
    }
    while (count > 0) {
      int first = mine[--count];
      taken.set(first, 0);
      depot.push(id, first);
    }
  }

  /// One batch is always in, now in this shard, now in that.
  @Test
  void isNotEmptyWhileABatchMovesBetweenShards() throws InterruptedException {
    Depot depot = TestAllocator.withBareHandles(2, 2).theDepot();
    depot.push(0, 0);
    AtomicBoolean moving = new AtomicBoolean(true);
    AtomicInteger seenEmpty = new AtomicInteger();

    Threads.run(
        3,
        id -> {
          if (id == 0) {
            moveAround(depot, 4_000_000);
            moving.set(false);
          } else {
            while (moving.get()) {
              seenEmpty.addAndGet(depot.isEmpty() ? 1 : 0);
            }
          }
        });

    assertThat(seenEmpty).hasValue(0);
    // it does say so when it is so
    depot.pop(0, 1);
    assertThat(depot.isEmpty()).isTrue();
  }

  private static void moveAround(Depot depot, int moves) {
    int spare = 1;
    int from = 0;
    for (int i = 0; i < moves; i++) {
      int to = 1 - from;
      depot.push(to, spare);
      spare = depot.pop(from, 1);
      from = to;
    }
  }
}
