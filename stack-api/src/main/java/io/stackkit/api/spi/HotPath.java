package io.stackkit.api.spi;

import static io.stackkit.api.spi.Machine.EMPTY;
import static io.stackkit.api.spi.PooledSegment.IN_USE;

import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackSegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// What every allocate and free does, and nothing else.
///
/// Find the thread's M, move a segment from or to its hot chain, move a counter on. It knows no
/// options: whatever costs something (zeroing, a limit that must reach into other threads' Ms)
/// keeps [#table] empty, so that every call takes the slow path, which asks. Virtual threads and
/// closed allocators get there the same way. Counters are written plainly, not opaquely: opaque
/// stores kept the compiler from holding the chain's head in a register and cost a burst 25 %.
///
/// ### Inlining
///
/// The hot path must stay small, or HotSpot's C2 refuses to inline it into its callers ("already
/// compiled into a big method": more than 2,500 bytes of machine code), and that differs from one
/// JVM to the next with the order in which methods got compiled. A call made less than once in four
/// is only inlined if the callee has at most 35 bytes of bytecode, but then what *it* calls may be
/// inlined whole. Hence the way off the hot path is one call of a method above that size,
/// [#fill(Machine)] and [#makeRoom(Machine)]. With small wrappers there, bursts of 128 took from
/// 9.7 to 12.1 ns a block in six JVMs; now 10.1 in all six.
///
/// The way to an open shelf and back, which deep recursion goes once in 32 segments or more, is
/// behind that call, too ([Shelf]). It stood here, without one, while that made bursts faster; it
/// no longer did. Without it in the way, deep recursion in eight threads on two processors took
/// 1.05 ±0.02 times as long as with one unbounded list for each, 1.09 ±0.05 before, when handles
/// had a line of padding more as well. (Since then a stack's own part of it has become shorter for
/// both, and most Ms go that way once in 64 segments.)
///
/// What is left by now, with up to 32 threads, is 2 to 5 % (the benchmarks' `--paired --workload
/// deep --allocators fixalloc cached --forks 12 --millis 600`). Some of it is that way itself,
/// which only a hot chain that holds everything would save, and the bound on memory does not allow
/// one. It was more, and differed more between JVMs, while two slabs' handles could lie side by
/// side in the heap: see [PooledSegment] on margins.
///
/// Other ways to link segments and to find the M were measured, too; the figures stand at
/// [PooledSegment] and [MachineRegistry].
///
/// ### What seldom happens
///
/// C2 leaves out a branch that was never taken. Once it is taken after all, the code around it is
/// thrown away, and where threads keep the processors busy the compiler may need seconds for new
/// code. That another thread comes between a batch on a shelf and its owner may happen for the
/// first time after seconds or hours: recursion in 32 threads then took ten times as long for three
/// seconds, in one JVM of thirty. Behind a call only the called method is thrown away, which is
/// small. (To look: the benchmarks' `--paired --workload deep --threads 32 --allocators fixalloc
/// cached --forks 5` with `JDK_JAVA_OPTIONS=-Xlog:deoptimization=debug:file=%p.log`.)
///
/// @param <M> the implementation's machines
@SuppressWarnings("unused") // the padding
abstract class HotPath<M extends Machine> extends HotFields implements StackAllocator {

  private static final VarHandle TABLE;
  private static final VarHandle OWNER;

  static {
    try {
      TABLE = MethodHandles.lookup().findVarHandle(HotFields.class, "table", Machine[].class);
      OWNER = MethodHandles.lookup().findVarHandle(MachineHotFields.class, "owner", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // see Padding
  private long q0;
  private long q1;
  private long q2;
  private long q3;
  private long q4;
  private long q5;
  private long q6;
  private long q7;

  /// See [MachineAllocator#refill(Machine)].
  abstract boolean refill(M machine);

  /// See [MachineAllocator#release(Machine)].
  abstract void release(M machine);

  /// Gets fresh memory into the depot, for an M that found it empty.
  abstract void grow(M machine);

  /// [#allocate()] where the table does not have the thread's M.
  abstract PooledSegment allocateSlow(Thread current);

  /// [#free(StackSegment)] where the table does not have the thread's M, or of a segment that is
  /// not in use.
  abstract void freeSlow(PooledSegment segment, Thread current);

  /// Frees what is not one of this allocator's fixed-size segments, or refuses it.
  abstract void freeLarge(StackSegment segment);

  @Override
  @SuppressWarnings("unchecked") // the table holds this allocator's Ms
  public final StackSegment allocate() {
    Thread current = Thread.currentThread();
    @Nullable Machine[] now = table;
    Machine machine = now[(int) current.threadId() & (now.length - 1)];
    if (machine == null || machine.owner != current) {
      return allocateSlow(current);
    }
    return take((M) machine);
  }

  /// Hands out the first segment of the hot chain. No call after the first store, so that no error
  /// can tear it.
  final PooledSegment take(M machine) {
    int head = machine.head;
    if (head == EMPTY) {
      fill(machine);
      head = machine.head;
    }
    PooledSegment segment = segments[head];
    machine.allocations++;
    machine.head = segment.next;
    segment.next = IN_USE;
    return segment;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // an allocator is itself only
  public final void free(StackSegment segment) {
    if (segment instanceof PooledSegment pooled && pooled.allocator == this) {
      free(pooled);
    } else {
      freeLarge(segment);
    }
  }

  @SuppressWarnings("unchecked") // the table holds this allocator's Ms
  final void free(PooledSegment segment) {
    Thread current = Thread.currentThread();
    // opaque, so that a loop that only allocates and frees still sees that the allocator was closed
    @Nullable Machine[] now = (@Nullable Machine[]) TABLE.getOpaque(this);
    Machine machine = now[(int) current.threadId() & (now.length - 1)];
    if (machine != null && machine.owner == current && segment.next == IN_USE) {
      giveOrRelease((M) machine, segment);
    } else {
      freeSlow(segment, current);
    }
  }

  /// Puts a segment at the head of the hot chain, which has room. No call after the first store.
  private static void give(Machine machine, PooledSegment segment) {
    machine.frees++;
    segment.next = machine.head;
    machine.head = segment.index;
  }

  final void giveOrRelease(M machine, PooledSegment segment) {
    long balance = machine.frees - machine.allocations;
    if (balance >= machine.fullAt) {
      makeRoom(machine);
    }
    give(machine, segment);
  }

  /// Makes room in the full hot chain of an M that the caller has to itself. Stays a call, see the
  /// class's notes on inlining.
  private void makeRoom(M machine) {
    if (machine instanceof Shelf shelf && shelf.putQuickly()) {
      return;
    }
    release(machine);
    if (machine.frees - machine.allocations >= machine.fullAt) {
      throw new IllegalStateException(
          "release() of %s left the hot chain of M %d full".formatted(this, machine.id()));
    }
  }

  /// [#allocate()] by a thread that holds its M.
  @SuppressWarnings("unchecked") // a view holds its allocator's M
  final StackSegment allocate(Machine machine) {
    if (machine.owner != Thread.currentThread()) {
      return allocate();
    }
    return take((M) machine);
  }

  /// [#free(StackSegment)] by a thread that holds its M.
  @SuppressWarnings({"unchecked", "ReferenceEquality"}) // a view holds its allocator's M
  final void free(Machine machine, StackSegment segment) {
    if (segment instanceof PooledSegment pooled
        && pooled.allocator == this
        && OWNER.getOpaque(machine) == Thread.currentThread()
        && pooled.next == IN_USE) {
      giveOrRelease((M) machine, pooled);
    } else {
      free(segment);
    }
  }

  /// Gets segments into the empty hot chain of an M that the calling thread owns. Stays a call, see
  /// the class's notes on inlining.
  private void fill(M machine) {
    if (machine instanceof Shelf shelf && shelf.takeQuickly()) {
      return;
    }
    while (!refill(machine)) {
      grow(machine);
    }
    if (machine.head == EMPTY) {
      throw new IllegalStateException(
          "refill() of %s left the hot chain of M %d empty".formatted(this, machine.id()));
    }
  }
}
