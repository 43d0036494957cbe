package io.stackkit.api.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The depot on one thread, step by step beside a list of stacks.
class DepotModelTest {

  private static final int BATCH = 3;
  private static final int BATCHES = 24;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void isOneStackPerShardAndLooksAtHomeFirst(int shards) {
    TestAllocator allocator = TestAllocator.withBareHandles(shards, BATCH * BATCHES);
    Depot depot = allocator.theDepot();
    List<ArrayDeque<Integer>> model = new ArrayList<>();
    for (int i = 0; i < shards; i++) {
      model.add(new ArrayDeque<>());
    }
    ArrayDeque<Integer> mine = new ArrayDeque<>();
    for (int i = 0; i < BATCHES; i++) {
      mine.add(chain(depot, i * BATCH, 1 + i % BATCH));
    }
    Random random = new Random(shards);
    // slabs of one segment
    for (int i = 0; i < BATCH * BATCHES; i++) {
      depot.setHome(i, random.nextInt(100));
    }

    for (int step = 0; step < 50_000; step++) {
      // any number is a home
      int home = random.nextInt();
      int most = 1 + random.nextInt(4);
      boolean own = random.nextBoolean();
      // long runs, so that all is empty or full at times
      if (random.nextInt(100) < (step / 200 % 2 == 0 ? 30 : 70) && !mine.isEmpty()) {
        List<Integer> batches = new ArrayList<>();
        while (batches.size() < most && !mine.isEmpty()) {
          batches.add(mine.remove());
        }
        if (own) {
          home = depot.homeOf(batches.getFirst());
          link(depot, batches);
          depot.pushHome(batches.getFirst());
        } else {
          link(depot, batches);
          depot.push(home, batches.getFirst());
        }
        batches.reversed().forEach(model.get(home & (shards - 1))::push);
      } else {
        List<Integer> got = walk(depot, own ? depot.popHome(home, most) : depot.pop(home, most));
        assertThat(got).isEqualTo(pop(model, own ? 1 : shards, home, most));
        for (int first : got) {
          assertThat(depot.count(first)).isEqualTo(1 + first / BATCH % BATCH);
          assertThat(lengthOf(depot, first)).isEqualTo(depot.count(first));
        }
        mine.addAll(got);
      }
      assertThat(depot.isEmpty()).isEqualTo(model.stream().allMatch(ArrayDeque::isEmpty));
      assertThat(depot.hasAny(home)).isNotEqualTo(model.get(home & (shards - 1)).isEmpty());
    }
  }

  @Test
  void countsSurviveNewCounts() {
    TestAllocator allocator = TestAllocator.withBareHandles(1, BATCH);
    Depot depot = allocator.theDepot();
    int first = chain(depot, 0, BATCH);
    assertThat(depot.count(first)).isEqualTo(3);

    // the second one's link may hold whatever an earlier batch left there
    depot.setNext(1, Machine.EMPTY);
    depot.setCount(first, 2);
    assertThat(depot.count(first)).isEqualTo(2);
    depot.setNext(first, Machine.EMPTY);
    depot.setCount(first, 1);
    assertThat(depot.count(first)).isEqualTo(1);
  }

  private static int chain(Depot depot, int first, int count) {
    for (int i = 0; i < count; i++) {
      depot.setNext(first + i, i == count - 1 ? Machine.EMPTY : first + i + 1);
    }
    depot.setCount(first, count);
    return first;
  }

  private static int lengthOf(Depot depot, int first) {
    int length = 0;
    for (int i = first; i != Machine.EMPTY; i = depot.next(i)) {
      length++;
    }
    return length;
  }

  private static void link(Depot depot, List<Integer> batches) {
    for (int i = 0; i < batches.size(); i++) {
      boolean last = i == batches.size() - 1;
      depot.setNextBatch(batches.get(i), last ? Machine.EMPTY : batches.get(i + 1));
    }
  }

  private static List<Integer> walk(Depot depot, int first) {
    List<Integer> batches = new ArrayList<>();
    for (int batch = first; batch != Machine.EMPTY; batch = depot.nextBatch(batch)) {
      batches.add(batch);
    }
    return batches;
  }

  private static List<Integer> pop(
      List<ArrayDeque<Integer>> model, int shards, int home, int most) {
    for (int i = 0; i < shards; i++) {
      ArrayDeque<Integer> shard = model.get((home + i) & (model.size() - 1));
      List<Integer> got = new ArrayList<>();
      while (got.size() < most && !shard.isEmpty()) {
        got.add(shard.pop());
      }
      if (!got.isEmpty()) {
        return got;
      }
    }
    return List.of();
  }
}
