package io.stackkit.api;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
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
///   [Zeroing#ON_FREE]), which is verified when the memory is handed out again and when the
///   allocator is closed. The [IllegalStateException] tells the address, the offset, what was
///   found, who had the memory last and who freed it. With [Zeroing#ON_ALLOCATE], zeros pass too.
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
  private final Set<CheckedSegment> live = ConcurrentHashMap.newKeySet();

  /// What free memory has to look like, by its address.
  private final ConcurrentHashMap<Long, FreeMemory> free = new ConcurrentHashMap<>();

  private volatile boolean closed;
  private volatile int sweepAt = SWEEP_AFTER;

  private CheckedStackAllocator(StackAllocator allocator) {
    this.allocator = allocator;
    this.options = allocator.options().toBuilder().checked(true).build();
  }

  /// Wraps an allocator. From now on it is to be used, and closed, through the wrapper only. It
  /// must leave the contents of free segments alone, except for zeroing as its options say.
  ///
  /// @param allocator what to watch over
  /// @return a checked allocator, `allocator` itself if it is one
  public static StackAllocator over(StackAllocator allocator) {
    Objects.requireNonNull(allocator, "allocator");
    return allocator instanceof CheckedStackAllocator
        ? allocator
        : new CheckedStackAllocator(allocator);
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
        before.verify(zerosPass());
      }
      if (closed) {
        throw closed();
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

  private boolean zerosPass() {
    return options.zeroing() == Zeroing.ON_ALLOCATE;
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

  @Override
  public long trim() {
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
    IllegalStateException first = null;
    for (Long address : free.keySet()) {
      // whoever removes an entry may look at its memory: nobody has it then
      FreeMemory memory = free.remove(address);
      try {
        if (memory != null && memory.isAlive()) {
          memory.verify(zerosPass());
        }
      } catch (IllegalStateException e) {
        first = first == null ? e : chain(first, e);
      }
    }
    return first;
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
}
