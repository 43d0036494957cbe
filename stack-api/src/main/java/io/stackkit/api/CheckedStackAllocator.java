package io.stackkit.api;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Watches over the use of any other allocator, at a cost: finds double frees, uses after free,
/// writes to freed memory, and leaks by the place that allocated.
///
/// [StackAllocators#open(AllocatorOptions)] puts it around the allocator where
/// [AllocatorOptions#checked()] is set; [#over(StackAllocator)] does so for any other. It may be
/// used by all threads, as what it wraps. What it finds:
///
/// - **Use of a handle after its free**, and a second free: every allocation has a handle of its
///   own, so that an old one is known for good. An [IllegalStateException] tells who allocated and
///   who freed. Of several threads that free at once, exactly one succeeds.
/// - **A write to freed memory**: free memory is filled with a pattern (zeros with
///   [Zeroing#ON_FREE]), which is verified when the memory is handed out again, by [#trim()], and
///   when the allocator is closed. The [IllegalStateException] tells the address, the offset, what
///   was found, who had the memory last and who freed it. Memory that goes back to the system by
///   itself ([AllocatorOptions#trimIdle()], [AllocatorOptions#largeIdle()], or to make room for
///   other memory) is not verified.
/// - **Leaks**: [#close()] throws with the number of segments in use and lists them by the place
///   that allocated them.
///
/// An allocation costs a stack walk and some hundred bytes of garbage, a free the same and a fill
/// of the whole segment.
public final class CheckedStackAllocator implements StackAllocator {

  /// Sweeps for memory that was given back come at least so many frees apart.
  private static final int SWEEP_AFTER = 1024;

  private final StackAllocator allocator;
  private final AllocatorOptions options;

  /// Whether the allocator underneath writes zeros to free memory before it hands it out.
  private final boolean zerosPass;

  private final boolean zeroOnAllocate;
  private final Set<CheckedSegment> live = ConcurrentHashMap.newKeySet();

  /// What free memory has to look like, by its address.
  private final ConcurrentHashMap<Long, FreeMemory> free = new ConcurrentHashMap<>();

  private volatile boolean closed;
  private volatile int sweepAt = SWEEP_AFTER;

  private CheckedStackAllocator(StackAllocator allocator, Zeroing zeroing) {
    AllocatorOptions inner = allocator.options();
    this.allocator = allocator;
    this.options = inner.toBuilder().checked(true).zeroing(zeroing).build();
    this.zerosPass = inner.zeroing() == Zeroing.ON_ALLOCATE;
    this.zeroOnAllocate = zeroing == Zeroing.ON_ALLOCATE && !zerosPass;
  }

  /// Opens an allocator and wraps it. Zeros on allocation are written here, after looking for
  /// writes since the free: the allocator underneath would wipe them away.
  static StackAllocator open(
      AllocatorOptions options, Function<AllocatorOptions, StackAllocator> opener) {
    Zeroing zeroing = options.zeroing();
    AllocatorOptions inner =
        zeroing == Zeroing.ON_ALLOCATE
            ? options.toBuilder().zeroing(Zeroing.NONE).build()
            : options;
    return new CheckedStackAllocator(opener.apply(inner), zeroing);
  }

  /// Wraps an allocator. From now on it is to be used, and closed, through the wrapper only. It
  /// must leave the contents of free segments alone, except for zeroing as its options say.
  ///
  /// If it zeroes on allocation ([Zeroing#ON_ALLOCATE]), it wipes out a write after free before the
  /// wrapper can see it: such a write is found by [#trim()] and [#close()] only, and zeros never
  /// are. [StackAllocators#open(AllocatorOptions)] with `checked` finds them all.
  ///
  /// @param allocator what to watch over
  /// @return a checked allocator, `allocator` itself if it is one
  public static StackAllocator over(StackAllocator allocator) {
    Objects.requireNonNull(allocator, "allocator");
    return allocator instanceof CheckedStackAllocator
        ? allocator
        : new CheckedStackAllocator(allocator, allocator.options().zeroing());
  }

  /// Returns the allocator underneath, to tell which one it is and to read its figures; it must not
  /// be used otherwise.
  ///
  /// @return what this watches over
  public StackAllocator unchecked() {
    return allocator;
  }

  @Override
  public StackSegment allocate() {
    return handOut(allocator::allocate, AllocationSite.here());
  }

  @Override
  public StackSegment allocate(long byteSize) {
    return handOut(() -> allocator.allocate(byteSize), AllocationSite.here());
  }

  private StackSegment handOut(Supplier<StackSegment> source, AllocationSite site) {
    StackSegment inner = source.get();
    try {
      MemorySegment memory = inner.memory();
      FreeMemory before = free.remove(memory.address());
      if (before != null && before.isSameMemory(memory)) {
        before.verify(zerosPass);
      }
      if (closed) {
        throw closed();
      }
      if (zeroOnAllocate) {
        memory.fill((byte) 0);
      }
      CheckedSegment segment = new CheckedSegment(this, inner, memory, site);
      live.add(segment);
      return segment;
    } catch (Throwable e) {
      giveUp(inner, e);
      throw e;
    }
  }

  private void giveUp(StackSegment inner, Throwable cause) {
    try {
      allocator.free(inner);
    } catch (IllegalStateException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public void free(StackSegment segment) {
    free(segment, allocator::free);
  }

  private void free(StackSegment segment, Consumer<StackSegment> sink) {
    Objects.requireNonNull(segment, "segment");
    if (!(segment instanceof CheckedSegment own) || own.owner != this) {
      throw new IllegalArgumentException(
          "segment: %s was not handed out by this allocator (%s)".formatted(segment, options));
    }
    if (closed) {
      throw closed();
    }
    AllocationSite here = AllocationSite.here();
    own.markFreed(here);
    try {
      FreeMemory left = FreeMemory.of(own, here, options.zeroing() == Zeroing.ON_FREE);
      // before the free: right after it, another thread may have the memory
      free.put(own.memory.address(), left);
      live.remove(own);
      sink.accept(own.inner);
    } catch (IllegalStateException e) {
      // the memory was released under our feet
      throw closed ? closed() : e;
    }
    sweep();
  }

  /// Forgets memory that was given back to the system, so that this map does not grow with time.
  private void sweep() {
    if (free.size() > sweepAt) {
      free.values().removeIf(f -> !f.isAlive());
      sweepAt = 2 * free.size() + SWEEP_AFTER;
    }
  }

  IllegalStateException closed() {
    return new IllegalStateException("this allocator is closed (%s)".formatted(options));
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public LocalAllocator local() {
    return new Local(this, allocator.local());
  }

  private record Local(CheckedStackAllocator checked, LocalAllocator inner)
      implements LocalAllocator {
    @Override
    public StackSegment allocate() {
      return checked.handOut(inner::allocate, AllocationSite.here());
    }

    @Override
    public void free(StackSegment segment) {
      checked.free(segment, inner::free);
    }
  }

  @Override
  public AllocatorOptions options() {
    return options;
  }

  @Override
  public MemoryLease lease() {
    return allocator.lease();
  }

  @Override
  public List<MachineStats> machines() {
    return allocator.machines();
  }

  @Override
  public long sysBytes() {
    return allocator.sysBytes();
  }

  @Override
  public LargeStats large() {
    return allocator.large();
  }

  /// Verifies all memory that is free, then gives back what the allocator underneath can. Other
  /// threads may go on meanwhile.
  ///
  /// @return the bytes that were given back
  /// @throws IllegalStateException if this allocator is closed, or if freed memory was written to:
  ///   nothing was given back then, and each write is told once, so that a second call goes on
  @Override
  public long trim() {
    IllegalStateException wrong = verifyFree();
    if (wrong != null) {
      throw wrong;
    }
    long given = allocator.trim();
    free.values().removeIf(f -> !f.isAlive());
    return given;
  }

  /// Closes the allocator underneath, after verifying all memory that is free.
  ///
  /// @throws IllegalStateException if segments were in use, with their number by the place that
  ///   allocated them, or if freed memory was written to; everything has been released all the same
  @Override
  public void close() {
    synchronized (live) {
      if (closed) {
        return;
      }
      closed = true;
    }
    IllegalStateException wrong = verifyFree();
    free.clear();
    List<CheckedSegment> leaked = List.copyOf(live);
    live.clear();
    IllegalStateException inner = closeInner();
    if (!leaked.isEmpty()) {
      wrong = chain(new IllegalStateException(LeakReport.of(leaked), inner), wrong);
    } else if (inner != null) {
      wrong = chain(inner, wrong);
    }
    if (wrong != null) {
      throw wrong;
    }
  }

  private @Nullable IllegalStateException verifyFree() {
    List<IllegalStateException> wrong = new ArrayList<>();
    for (Long address : free.keySet()) {
      // the map's lock holds up whoever is being handed this memory: nobody writes to it meanwhile
      free.computeIfPresent(address, (_, memory) -> isUntouched(memory, wrong) ? memory : null);
    }
    wrong.stream().skip(1).forEach(e -> chain(wrong.getFirst(), e));
    return wrong.isEmpty() ? null : wrong.getFirst();
  }

  private boolean isUntouched(FreeMemory memory, List<IllegalStateException> wrong) {
    try {
      if (memory.isAlive()) {
        memory.verify(zerosPass);
      }
      return memory.isAlive();
    } catch (IllegalStateException e) {
      wrong.add(e);
      return false;
    }
  }

  private @Nullable IllegalStateException closeInner() {
    try {
      allocator.close();
      return null;
    } catch (IllegalStateException e) {
      return e;
    }
  }

  private static IllegalStateException chain(
      IllegalStateException first, @Nullable Throwable other) {
    if (other != null) {
      first.addSuppressed(other);
    }
    return first;
  }

  @Override
  public String toString() {
    return "checked " + options.toBuilder().checked(false).build();
  }
}
