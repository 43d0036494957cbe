package io.stackkit.api.spi;

import static io.stackkit.api.spi.Machine.EMPTY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The shelf by itself: its order, and what threads at both of its ends get.
class ShelfTest {

  private static final Depot LINKS = TestAllocator.unlimited(1, 1).depot();

  /// A shelf of batches of one segment, which is only a number here.
  private static final class Numbers extends Shelf {

    Numbers() {
      super(0, 1, 1, 1);
    }

    void put(int number) {
      setHot(number, 1, 1);
      put(LINKS, EMPTY, number, 1, 1);
    }

    int takeNewest() {
      if (!(isOpen() ? takeQuickly() : take(1))) {
        return EMPTY;
      }
      int number = hot();
      setHot(EMPTY, 0, 1);
      return number;
    }

    int takeOldestNumber() {
      long batch = takeOldest();
      return batch == NONE ? EMPTY : first(batch);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isAQueueWithTwoEnds(boolean open) {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      Numbers shelf = new Numbers();
      if (open) {
        shelf.open();
      }
      ArrayDeque<Integer> model = new ArrayDeque<>();
      for (int step = 0; step < 5_000; step++) {
        int what = random.nextInt(step % 1_000 < 500 ? 3 : 5);
        if (what < 2) {
          shelf.put(step);
          model.addLast(step);
        } else if (what < 4) {
          Integer newest = model.pollLast();
          assertThat(shelf.takeNewest()).isEqualTo(newest == null ? EMPTY : newest);
        } else {
          Integer oldest = model.pollFirst();
          assertThat(shelf.takeOldestNumber()).isEqualTo(oldest == null ? EMPTY : oldest);
        }
        assertThat(shelf.batches()).isEqualTo(model.size());
        assertThat(shelf.hotCount()).isZero();
      }
    }
  }

  /// [HotPath] puts as many batches as may stand there without asking for room.
  @Test
  void hasRoomForAsManyAsItMayHoldWhateverOthersHaveTaken() {
    for (int most = 1; most < 70; most++) {
      for (int taken = 0; taken <= most; taken++) {
        Numbers shelf = new Numbers();
        shelf.open();
        for (int number = 0; number < most; number++) {
          shelf.put(number);
        }
        for (int number = 0; number < taken; number++) {
          assertThat(shelf.takeOldestNumber()).isEqualTo(number);
        }

        shelf.ensureCapacity(most + 1);

        long[] places = shelf.batches;
        assertThat(IntStream.range(0, most + 1).map(i -> Shelf.slot(places, i)).distinct().count())
            .isEqualTo(most + 1);
        for (int number = taken; number < most; number++) {
          assertThat(shelf.takeOldestNumber()).isEqualTo(number);
        }
      }
    }
  }

  /// Few batches, so that the user and the others meet at the last one all the time. What the
  /// others take comes back to the user.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 40})
  void givesEachBatchToOne(int numbers) throws InterruptedException {
    Numbers shelf = new Numbers();
    shelf.open();
    AtomicIntegerArray held = new AtomicIntegerArray(numbers);
    AtomicInteger faults = new AtomicInteger();
    AtomicBoolean over = new AtomicBoolean();
    ConcurrentLinkedQueue<Integer> back = new ConcurrentLinkedQueue<>();
    Thread[] others = new Thread[2];
    for (int i = 0; i < others.length; i++) {
      others[i] = Thread.ofPlatform().start(() -> takeOldest(shelf, held, faults, over, back));
    }

    int[] mine = new int[numbers];
    int count = 0;
    for (int number = 0; number < numbers; number++) {
      held.set(number, 1);
      mine[count++] = number;
    }
    Random random = new Random(numbers);
    for (int step = 0; step < 2_000_000; step++) {
      if (count > 0 && random.nextBoolean()) {
        int number = mine[--count];
        held.set(number, 0);
        shelf.put(number);
      } else {
        int number = shelf.takeNewest();
        if (number != EMPTY) {
          faults.addAndGet(held.compareAndSet(number, 0, 1) ? 0 : 1);
          mine[count++] = number;
        }
      }
      for (Integer number = back.poll(); number != null; number = back.poll()) {
        mine[count++] = number;
      }
    }
    over.set(true);
    for (Thread other : others) {
      other.join();
    }

    assertThat(faults).hasValue(0);
    int left = shelf.batches() + count + back.size();
    assertThat(left).isEqualTo(numbers);
  }

  private static void takeOldest(
      Numbers shelf,
      AtomicIntegerArray held,
      AtomicInteger faults,
      AtomicBoolean over,
      ConcurrentLinkedQueue<Integer> back) {
    while (!over.get()) {
      int number = shelf.takeOldestNumber();
      if (number != EMPTY) {
        faults.addAndGet(held.compareAndSet(number, 0, 1) ? 0 : 1);
        back.add(number);
      }
    }
  }
}
