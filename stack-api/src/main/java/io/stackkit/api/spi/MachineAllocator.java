package io.stackkit.api.spi;

import static io.stackkit.api.spi.Machine.EMPTY;
import static io.stackkit.api.spi.PooledSegment.IN_USE;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.LargeStats;
import io.stackkit.api.LocalAllocator;
import io.stackkit.api.MachineStats;
import io.stackkit.api.MemoryLease;
import io.stackkit.api.StackSegment;
import io.stackkit.api.Zeroing;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// What allocators with free lists per M have in common; an implementation says what happens when
/// an M's hot chain is empty ([#refill(Machine)]) or full ([#release(Machine)]).
///
/// What every call does is [HotPath]'s; here is what it does where an option or the kind of thread
/// asks for more, and where memory comes from.
///
/// @param <M> the implementation's machines
public abstract class MachineAllocator<M extends Machine> extends HotPath<M> {

  private final AllocatorOptions options;
  private final int segmentBytes;
  private final Zeroing zeroing;
  private final boolean locked;
  private final boolean plain;
  private final MachineRegistry<M> registry;
  private final Depot depot;
  private final Reserve<M> reserve;
  private final LargeSegments large;
  private final SystemMemory memory;

  /// Makes an allocator; takes no memory yet.
  ///
  /// @param options the options in force
  /// @param machines makes an M of a given id
  /// @param slabSegments how many segments are obtained from the system at once
  /// @param shards the number of shards of the depot, a power of two
  /// @param large where segments above the fixed size come from
  @SuppressWarnings("this-escape") // the depot and the reserve only keep it
  protected MachineAllocator(
      AllocatorOptions options,
      IntFunction<M> machines,
      int slabSegments,
      int shards,
      LargeSegments large) {
    this.options = options;
    this.segmentBytes = options.segmentSize();
    this.zeroing = options.zeroing();
    this.memory = new SystemMemory(options.maxBytes());
    this.locked = memory.limited();
    this.plain = zeroing == Zeroing.NONE && !locked;
    this.registry = new MachineRegistry<>(machines);
    this.depot = new Depot(this, shards, slabSegments);
    this.large = large;
    this.reserve = new Reserve<>(this, registry, depot, memory, large, slabSegments, segmentBytes);
    large.attach(this, reserve, memory);
    if (options.trimIdle().isPositive()) {
      IdleTrimmer.start(reserve, options.trimIdle());
    }
  }

  /// Rounds up to a power of two.
  ///
  /// @param number at least 1
  /// @return the smallest power of two that is not less
  protected static int powerOfTwo(int number) {
    return Integer.highestOneBit(Math.max(1, number) * 2 - 1);
  }

  /// Called when an M's hot chain is empty: puts at least one free segment there. The caller has
  /// the M to itself, perhaps under a lock, so nothing here may block, and no memory may be asked
  /// from the system.
  ///
  /// @param machine the M
  /// @return false if there is none to be had; the kit then gets fresh memory into the depot and
  ///   calls again
  @Override
  protected abstract boolean refill(M machine);

  /// Called when an M's hot chain is full: makes room for at least one segment. The same conditions
  /// hold as for [#refill(Machine)].
  ///
  /// @param machine the M
  @Override
  protected abstract void release(M machine);

  /// Takes all free segments of an M out of it. The same conditions hold as for [#refill(Machine)].
  ///
  /// @param machine the M
  /// @param sink takes the indices
  protected abstract void drain(M machine, IntConsumer sink);

  /// Takes free segments out of an M that another thread may be using at the same time, as far as
  /// the design has any that can be taken so. Called by one thread at a time, and not while any M
  /// is drained, before memory is asked from the system.
  ///
  /// @param machine the M
  /// @param all whether everything is wanted that can be had, not a share
  /// @return the first of the batches, which have their counts and name each other; or
  ///   [Machine#EMPTY]
  protected int lend(M machine, boolean all) {
    return EMPTY;
  }

  /// Says how much may be held beyond the peak in use, and `cacheSize` for each M, before Ms get
  /// what was obtained for others.
  ///
  /// @return percent of the peak in use; negative if there is nothing to [#lend(Machine, boolean)]
  protected int spare() {
    return -1;
  }

  /// Says whether an M that finds nothing at its home in the depot should have fresh memory rather
  /// than what was obtained for others, as far as it is known: so little is held that everybody may
  /// have their own (see [#spare()]). [#refill(Machine)] then takes from its home only. Not for the
  /// Ms that virtual threads share: whose they are changes with every call.
  ///
  /// @param machine the M
  /// @return whether [#refill(Machine)] should rather return false
  protected final boolean affordsFresh(M machine) {
    return !registry.isShared(machine.id()) && reserve.affordsFresh();
  }

  /// Returns the most segments that were in use, as far as that was seen when memory was wanted: it
  /// may have been more, never less. Any thread may ask.
  ///
  /// @return segments
  protected final long peakSeen() {
    return reserve.peakSeen();
  }

  /// Says whether free segments of one M may serve another, and go back to the system.
  ///
  /// @return false for a design that leaves each M what it has; then only a limit makes the kit
  ///   reach for it
  protected abstract boolean sharesIdle();

  /// Returns the free segments that no M holds.
  ///
  /// @return the depot
  protected final Depot depot() {
    return depot;
  }

  /// Says whether virtual threads share an M.
  ///
  /// @param machine one of this allocator's Ms
  /// @return false if it is, or has been, a platform thread's own
  protected final boolean isShared(Machine machine) {
    return registry.isShared(machine.id());
  }

  @Override
  final PooledSegment allocateSlow(Thread current) {
    if (zeroing == Zeroing.ON_ALLOCATE) {
      StackProbe.ensureSomeRoom();
    }
    PooledSegment segment =
        locked || current.isVirtual() ? allocateLocked(current) : allocateOwned(current);
    if (zeroing == Zeroing.ON_ALLOCATE) {
      segment.memory.fill((byte) 0);
    }
    return segment;
  }

  private PooledSegment allocateOwned(Thread current) {
    return take(owned(current));
  }

  private PooledSegment allocateLocked(Thread current) {
    while (true) {
      M machine = lock(current);
      int home = machine.id();
      try {
        if (machine.head != EMPTY || takesQuickly(machine) || refill(machine)) {
          return take(machine);
        }
      } finally {
        machine.unlock();
      }
      reserve.grow(home);
    }
  }

  /// The quick way of [HotPath#take(Machine)], for an M under its lock.
  private boolean takesQuickly(M machine) {
    return machine instanceof Shelf shelf && shelf.takeQuickly();
  }

  @Override
  final void freeSlow(PooledSegment segment, Thread current) {
    if (segment.next != IN_USE) {
      throw segment.notInUse("freed");
    }
    reserve.checkOpen();
    if (zeroing == Zeroing.ON_FREE) {
      segment.memory.fill((byte) 0);
    }
    if (!locked && !current.isVirtual()) {
      giveOrRelease(owned(current), segment);
      return;
    }
    M machine = lock(current);
    try {
      giveOrRelease(machine, segment);
    } finally {
      machine.unlock();
    }
  }

  @Override
  final void freeLarge(StackSegment segment) {
    large.free(Objects.requireNonNull(segment, "segment"), zeroing == Zeroing.ON_FREE);
  }

  @Override
  final void grow(M machine) {
    reserve.grow(machine.id());
  }

  /// The M of a platform thread.
  @SuppressWarnings("ReferenceEquality") // not to write into an old object without need
  private M owned(Thread current) {
    M machine = registry.own(current);
    if (machine == null) {
      throw reserve.closed();
    }
    @Nullable Machine[] latest = registry.table();
    if (plain && table != latest) {
      table = latest;
    }
    return machine;
  }

  /// An M under its lock, for a virtual thread or where every M is locked.
  @SuppressWarnings("ThreadPriorityCheck") // whoever has the lock never blocks
  private M lock(Thread current) {
    reserve.checkOpen();
    if (current.isVirtual()) {
      return registry.lockShared(current);
    }
    M machine = owned(current);
    while (!machine.tryLock(current)) {
      // someone at the limit is taking idle segments back
      Thread.yield();
    }
    return machine;
  }

  @Override
  public final StackSegment allocate(long byteSize) {
    if (byteSize > 0 && byteSize <= segmentBytes) {
      return allocate();
    }
    LargeSegment segment = large.allocate(byteSize);
    if (zeroing == Zeroing.ON_ALLOCATE) {
      segment.block().memory().fill((byte) 0);
    }
    return segment;
  }

  @Override
  public final LocalAllocator local() {
    Thread current = Thread.currentThread();
    reserve.checkOpen();
    return plain && !current.isVirtual()
        ? new LocalView.Padded(this, owned(current))
        : new LocalAllocator.Direct(this);
  }

  @Override
  public final MemoryLease lease() {
    return memory.lease();
  }

  @Override
  public final AllocatorOptions options() {
    return options;
  }

  @Override
  public final List<MachineStats> machines() {
    return registry.all().stream().filter(Machine::used).map(Machine::stats).toList();
  }

  @Override
  public final long sysBytes() {
    return reserve.bytes();
  }

  @Override
  public final LargeStats large() {
    return large.stats();
  }

  @Override
  public final long trim() {
    return reserve.trim();
  }

  /// Says whether every M has a lock that others may take.
  final boolean locked() {
    return locked;
  }

  @Override
  public final void close() {
    try {
      reserve.close();
    } finally {
      // after the registry has let go of its table: a thread on the slow path may publish it again
      table = NO_TABLE;
    }
  }

  @Override
  public String toString() {
    return options.toSpec();
  }
}
