package io.stackkit.bench.workload;

import com.google.common.util.concurrent.Uninterruptibles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Threads that all run one lane, then all the other one, and so on.
final class Turns implements AutoCloseable {

  /// Long enough for what a turn begins with (cold caches, waking threads) to count for little,
  /// short enough for the machine to be the same in the turns before and after it.
  private static final int TURN_MILLIS = 30;

  /// Threads per processor up to which that is long enough. With more of them such a turn is over
  /// when each has run once or not at all, and what is counted are beginnings and ends: every turn
  /// ends with what each thread has to finish, and begins with no memory in use.
  private static final int THREADS_PER_PROCESSOR = 2;

  /// Of a round: the first lane, the second twice, the first again. What changes steadily changes
  /// for both alike.
  private static final int[] ROUND = {0, 1, 1, 0};

  private static final int END = -1;

  /// Turns begin and end when all threads and this object's user have come here.
  private final Phaser phaser;

  private final int turnMillis;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong done = new AtomicLong();
  private volatile int turn;
  private volatile @Nullable Throwable failure;

  /// Starts the threads.
  ///
  /// @param workers how many
  Turns(Lane first, Lane second, int workers) {
    phaser = new Phaser(workers + 1);
    turnMillis = PairedBenchmark.turnMillis(workers);
    for (int i = 0; i < workers; i++) {
      Thread thread = new Thread(() -> work(first, second), "turns-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  /// How long a turn is: the more threads share a processor, the longer.
  static int turnMillis(int workers, int processors) {
    int enough = THREADS_PER_PROCESSOR * processors;
    return TURN_MILLIS * Math.max(1, Math.ceilDiv(workers, enough));
  }

  private void work(Lane first, Lane second) {
    try (Lane.Worker one = first.worker();
        Lane.Worker other = second.worker()) {
      phaser.arriveAndAwaitAdvance();
      while (turn != END) {
        done.addAndGet((turn == 0 ? one : other).run(stop));
        phaser.arriveAndAwaitAdvance();
        phaser.arriveAndAwaitAdvance();
      }
    } catch (Throwable e) {
      failure = e;
      phaser.arriveAndDeregister(); // the others go on without
    }
  }

  /// Runs both lanes until they are compiled, and lets what lives long grow old, as in
  /// [SharedState].
  ///
  /// @param millis how long each lane runs
  void warmUp(int millis) throws InterruptedException {
    int rounds = rounds(millis);
    for (int i = 0; i < rounds; i++) {
      round();
      if (i == rounds / 2 || i == rounds - 1) {
        System.gc();
      }
    }
  }

  /// Compares the lanes.
  ///
  /// @param millis how long each lane runs
  /// @return time of the second one over that of the first: the median of the rounds
  double compare(int millis) throws InterruptedException {
    double[] ratios = new double[rounds(millis)];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = round();
    }
    Arrays.sort(ratios);
    return (ratios[ratios.length / 2] + ratios[(ratios.length - 1) / 2]) / 2;
  }

  private int rounds(int millis) {
    return Math.max(1, millis / (turnMillis * ROUND.length / 2));
  }

  private double round() throws InterruptedException {
    double[] rates = new double[2];
    for (int lane : ROUND) {
      rates[lane] += turn(lane);
    }
    return rates[0] / rates[1];
  }

  /// Returns operations per nanosecond.
  private double turn(int lane) throws InterruptedException {
    stop.set(false);
    done.set(0);
    turn = lane;
    phaser.arriveAndAwaitAdvance();
    long start = System.nanoTime();
    try {
      Thread.sleep(turnMillis);
    } finally {
      stop.set(true);
      phaser.arriveAndAwaitAdvance();
    }
    double rate = (double) done.get() / (System.nanoTime() - start);
    if (failure != null) {
      throw new IllegalStateException("a thread failed", failure);
    }
    return rate;
  }

  /// Lets the threads close their parts and end.
  @Override
  public void close() {
    turn = END;
    phaser.arriveAndAwaitAdvance();
    threads.forEach(Uninterruptibles::joinUninterruptibly);
  }
}
