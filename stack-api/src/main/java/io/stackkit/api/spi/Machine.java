package io.stackkit.api.spi;

import io.stackkit.api.MachineStats;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// An M ("machine"): the place where a running thread keeps its free segments and its counts, as in
/// the Go runtime.
///
/// An M is used by one thread at a time: by its owner, or by whoever holds its lock (see the
/// package's conventions). Nothing here may be called by a thread that does neither, except
/// [#stats()].
///
/// ### The hot chain
///
/// The newest free segments hang in a chain that starts at `head`; see [Depot] for the links. Its
/// length is not kept: with `p = frees - allocations`, every operation moves `p` by one and the
/// length with it, so the chain is full exactly when `p == fullAt`. One pair of counters thus
/// serves as statistics and as the bound, and an operation writes one counter instead of two.
///
/// ### Torn operations
///
/// A `StackOverflowError` may strike at any call. [HotPath] therefore makes all its calls before
/// its first store; [#pending] holds a batch that is between two places in the slow path, so that
/// whoever uses the M next, be it the thread that adopts it, finishes the move.
public class Machine extends MachineFields {

  /// No segment: the end of a chain.
  public static final int EMPTY = -1;

  private static final VarHandle ALLOCATIONS;
  private static final VarHandle FREES;
  private static final VarHandle HOLDER;
  private static final VarHandle REFILLS;
  private static final VarHandle RELEASES;
  private static final VarHandle MOVED;
  private static final VarHandle TAKEN_SEGMENTS;
  private static final VarHandle TAKEN_BATCHES;

  static {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    try {
      ALLOCATIONS = lookup.findVarHandle(MachineHotFields.class, "allocations", long.class);
      FREES = lookup.findVarHandle(MachineHotFields.class, "frees", long.class);
      REFILLS = lookup.findVarHandle(Machine.class, "refills", long.class);
      RELEASES = lookup.findVarHandle(Machine.class, "releases", long.class);
      MOVED = lookup.findVarHandle(Machine.class, "moved", long.class);
      TAKEN_SEGMENTS = lookup.findVarHandle(Machine.class, "takenSegments", long.class);
      TAKEN_BATCHES = lookup.findVarHandle(Machine.class, "takenBatches", long.class);
      HOLDER = lookup.findVarHandle(Machine.class, "holder", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final int id;
  private volatile @Nullable Thread holder;
  private volatile boolean used;

  // written by the user of the M, read by anyone
  private long refills;
  private long releases;
  private long moved;

  // written under the reserve's lock, read by anyone
  private long takenSegments;
  private long takenBatches;

  /// A batch on its way between this M and the depot, or [#EMPTY].
  protected int pending = EMPTY;

  /// Makes an M without a cache.
  ///
  /// @param id its number, from 0
  /// @param hotLimit how long the hot chain may get before [MachineAllocator#release(Machine)] is
  ///   called
  protected Machine(int id, long hotLimit) {
    this.id = id;
    this.fullAt = hotLimit;
  }

  /// Returns the number of this M.
  ///
  /// @return from 0
  public final int id() {
    return id;
  }

  /// Returns the length of the hot chain.
  ///
  /// @param hotLimit the limit last given
  /// @return segments
  protected final long hotCount(long hotLimit) {
    return frees - allocations - fullAt + hotLimit;
  }

  /// Replaces the hot chain.
  ///
  /// @param first the first segment, or [#EMPTY]
  /// @param count its length
  /// @param hotLimit how long it may get
  protected final void setHot(int first, long count, long hotLimit) {
    // plain stores only: nothing can come between them
    this.head = first;
    this.fullAt = frees - allocations - count + hotLimit;
  }

  /// Returns the first segment of the hot chain.
  ///
  /// @return an index, or [#EMPTY]
  protected final int hot() {
    return head;
  }

  /// Takes over [#pending], batches from the depot: the first becomes the hot chain, which is
  /// empty; the implementation has put the others where it keeps them.
  ///
  /// @param count the length of the first batch
  /// @param hotLimit how long the hot chain may get
  /// @param segments how many segments came in all
  /// @param batches how many batches came
  protected final void acceptPending(int count, long hotLimit, long segments, long batches) {
    // plain stores only: nothing can come between them
    this.head = pending;
    this.fullAt = frees - allocations - count + hotLimit;
    this.pending = EMPTY;
    this.moved += segments;
    this.refills += batches;
  }

  /// Lets batches go: they become [#pending], and what remains of the hot chain is said anew.
  ///
  /// @param first the first segment of the first batch
  /// @param segments how many segments go
  /// @param batches how many batches go
  /// @param hot the first segment of the hot chain, or [#EMPTY]
  /// @param count its length
  /// @param hotLimit how long it may get
  protected final void letGo(
      int first, long segments, long batches, int hot, long count, long hotLimit) {
    this.head = hot;
    this.fullAt = frees - allocations - count + hotLimit;
    this.pending = first;
    this.moved -= segments;
    this.releases += batches;
  }

  /// Counts segments that came or went without an event of their own: fresh memory, or what was
  /// taken back.
  ///
  /// @param segments how many came, negative if they went
  protected final void countMoved(long segments) {
    moved += segments;
  }

  /// Returns how many batches came so far.
  ///
  /// @return events
  protected final long refills() {
    return refills;
  }

  /// Returns by how much more was given back than handed out: every operation moves it by one, and
  /// the length of the hot chain with it.
  ///
  /// @return segments, negative in most programs
  protected final long balance() {
    return frees - allocations;
  }

  /// Counts a batch that another thread took out of this M, see [MachineAllocator#lend(Machine,
  /// boolean)].
  ///
  /// @param segments its length
  protected final void countTaken(long segments) {
    TAKEN_SEGMENTS.setOpaque(this, takenSegments + segments);
    TAKEN_BATCHES.setOpaque(this, takenBatches + 1);
  }

  /// Notes that a thread has had this M.
  final void markUsed() {
    if (!used) {
      used = true;
    }
  }

  final boolean used() {
    return used;
  }

  /// Takes the lock if nobody has it. A lock that its holder could not give back (it died, or its
  /// stack overflowed on the way out) is taken over: what it guards is whole at every step.
  final boolean tryLock(Thread current) {
    Thread now = holder;
    if (now == null) {
      return HOLDER.compareAndSet(this, null, current);
    }
    return now == current || (!now.isAlive() && HOLDER.compareAndSet(this, now, current));
  }

  final void unlock() {
    HOLDER.setRelease(this, null);
  }

  /// Returns the segments handed out so far. Any thread may ask.
  ///
  /// @return segments
  protected final long handedOut() {
    return (long) ALLOCATIONS.getAcquire(this);
  }

  /// The segments given back so far, asked by any thread.
  final long givenBack() {
    return (long) FREES.getAcquire(this);
  }

  /// Reads this M's figures. Any thread may call it; in use is exact for a moment within the call
  /// unless the M is so busy that no such moment is found in a few tries: then it is too high by
  /// what was given back during the shortest of them at most, not the last, in which the calling
  /// thread may have lost its processor.
  ///
  /// @return the figures
  public final MachineStats stats() {
    long out = 0;
    long in = 0;
    long least = Long.MAX_VALUE;
    for (int attempt = 0; attempt < 8 && least > 0; attempt++) {
      long before = givenBack();
      long handedOut = handedOut();
      long meanwhile = givenBack() - before;
      if (meanwhile < least) {
        least = meanwhile;
        in = before;
        out = handedOut;
      }
    }
    long moved = (long) MOVED.getOpaque(this) - (long) TAKEN_SEGMENTS.getOpaque(this);
    long idle = Math.max(0, moved + in - out);
    return new MachineStats(
        id,
        out - in,
        idle,
        out,
        in,
        (long) REFILLS.getOpaque(this),
        (long) RELEASES.getOpaque(this) + (long) TAKEN_BATCHES.getOpaque(this));
  }
}
