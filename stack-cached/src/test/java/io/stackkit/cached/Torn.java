package io.stackkit.cached;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackSegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/// Works an allocator at the end of a small Java stack, so that a `StackOverflowError` strikes at
/// every call that it makes, then counts what is left. Also a program, to be run by JVMs with other
/// flags.
final class Torn {

  private static final int STACK_BYTES = 192 << 10;

  /// How many frames above the deepest one operations are tried in; none fails further up.
  private static final int FRAMES = 600;

  private static final int DESCENTS = 5;

  private final CachedAllocator allocator;
  private final Random random;

  // plain stores, so that no outcome gets lost in a call of this test's own
  private final StackSegment[] mine = new StackSegment[200];
  private int count;
  private StackSegment doubtful;

  private int framesLeft;
  private long errors;

  private Torn(CachedAllocator allocator, int seed) {
    this.allocator = allocator;
    this.random = new Random(seed);
  }

  /// Runs every option string given, as often as the first argument says.
  public static void main(String[] args) throws InterruptedException {
    for (int i = 1; i < args.length; i++) {
      System.out.println(args[i] + ": " + run(args[i], Integer.parseInt(args[0])) + " errors");
    }
  }

  /// Tears operations of one allocator, in one thread after another.
  ///
  /// @return how many operations were torn
  static long run(String options, int rounds) throws InterruptedException {
    long errors = 0;
    // a class whose initialization overflows the stack can never be used again: that is the JVM's
    // way, so the JDK's classes are initialized here
    try (CachedAllocator warm = new CachedAllocator(AllocatorOptions.parse(options))) {
      StackSegment freed = warm.allocate();
      freed.close();
      isInUse(freed);
      warm.trim();
    }
    try (CachedAllocator allocator = new CachedAllocator(AllocatorOptions.parse(options))) {
      for (int round = 0; round < rounds; round++) {
        Torn torn = new Torn(allocator, round);
        torn.inAThread();
        errors += torn.errors;
        torn.check(options + ", round " + round);
        torn.freeAll();
      }
      checkEnd(allocator, options);
    }
    return errors;
  }

  private void inAThread() throws InterruptedException {
    Throwable[] failure = new Throwable[1];
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                for (int i = 0; i < DESCENTS; i++) {
                  // other offsets from the end of the stack
                  pad(random.nextInt(16));
                }
              } catch (Throwable e) {
                failure[0] = e;
              }
            },
            "torn",
            STACK_BYTES);
    thread.start();
    thread.join();
    if (failure[0] != null) {
      throw new AssertionError(failure[0]);
    }
  }

  private int pad(int levels) {
    if (levels > 0) {
      long a = levels;
      long b = a * 3;
      return pad(levels - 1) + (int) (a ^ b);
    }
    descend();
    settleDoubt();
    return 0;
  }

  @SuppressWarnings("InfiniteRecursion") // to the end of the stack
  private void descend() {
    try {
      descend();
    } catch (StackOverflowError e) {
      framesLeft = FRAMES;
    }
    if (framesLeft > 0) {
      framesLeft--;
      act();
    }
  }

  /// A few operations; what is thrown leaves them where they are.
  private void act() {
    try {
      settleDoubt();
      boolean up = count < 20 || (count < 60 && random.nextBoolean());
      for (int i = 0; i < 3; i++) {
        if (up) {
          mine[count] = allocator.allocate();
          count++;
        } else {
          doubtful = mine[count - 1];
          count--;
          doubtful.close();
          doubtful = null;
        }
      }
    } catch (StackOverflowError e) {
      errors++;
    }
  }

  /// After an error in a free, the segment is either still in use or free.
  private void settleDoubt() {
    if (doubtful != null) {
      if (isInUse(doubtful)) {
        doubtful.close();
      }
      doubtful = null;
    }
  }

  private static boolean isInUse(StackSegment segment) {
    try {
      return segment.memory() != null;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  private void check(String what) {
    for (int i = 0; i < count; i++) {
      mine[i].memory().set(ValueLayout.JAVA_LONG, 0, i);
    }
    for (int i = 0; i < count; i++) {
      if (mine[i].memory().get(ValueLayout.JAVA_LONG, 0) != i) {
        throw new AssertionError(what + ": " + mine[i] + " was handed out twice");
      }
    }
    long inUse = DepotView.inUse(allocator);
    if (inUse != count) {
      throw new AssertionError(what + ": %d in use, but the Ms say %d".formatted(count, inUse));
    }
  }

  private void freeAll() {
    while (count > 0) {
      mine[--count].close();
    }
  }

  /// The torn threads are dead; whatever they left half done is finished by whoever is next.
  private static void checkEnd(CachedAllocator allocator, String what) {
    long held = allocator.sysBytes();
    long given = allocator.trim();
    if (given != held || allocator.sysBytes() != 0 || DepotView.idle(allocator) != 0) {
      throw new AssertionError(
          what
              + ": of %d bytes only %d could be given back; idle %d"
                  .formatted(held, given, DepotView.idle(allocator)));
    }
  }
}
