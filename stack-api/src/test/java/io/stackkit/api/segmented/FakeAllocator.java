package io.stackkit.api.segmented;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.LargeStats;
import io.stackkit.api.LocalAllocator;
import io.stackkit.api.MachineStats;
import io.stackkit.api.MemoryLease;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackExhaustedException;
import io.stackkit.api.StackSegment;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An allocator that counts, fills what it hands out with dirt, and refuses on demand. One lock, no
/// tricks.
final class FakeAllocator implements StackAllocator {

  private static final byte DIRT = (byte) 0xAA;

  private final AllocatorOptions options;
  private final Arena arena = Arena.ofShared();
  private final ArrayDeque<Segment> free = new ArrayDeque<>();
  private boolean closed;
  private int leases;
  private long allocations;
  private long frees;
  private long largeAllocations;
  private long largeFrees;
  private int refuseAfter = Integer.MAX_VALUE;
  private @Nullable Runnable beforeLocal;
  private @Nullable Error nextSizeFails;
  private @Nullable Error nextFreeFails;

  FakeAllocator(long segmentSize) {
    this(AllocatorOptions.builder().segmentSize(segmentSize).build());
  }

  FakeAllocator(AllocatorOptions options) {
    this.options = options;
  }

  /// Makes the allocator refuse from the `n`-th request on (0: the next one).
  synchronized void refuseAfter(int n) {
    refuseAfter = n;
  }

  synchronized void refuseNoMore() {
    refuseAfter = Integer.MAX_VALUE;
  }

  /// Runs something before the next local view is handed out.
  synchronized void beforeNextLocal(Runnable action) {
    beforeLocal = action;
  }

  /// Makes the next question for a segment's size fail.
  synchronized void failNextSize(Error failure) {
    nextSizeFails = failure;
  }

  /// Makes the next attempt to give a segment back fail; nothing has changed then.
  synchronized void failNextFree(Error failure) {
    nextFreeFails = failure;
  }

  synchronized long allocations() {
    return allocations;
  }

  synchronized long frees() {
    return frees;
  }

  synchronized long inUse() {
    return allocations - frees;
  }

  synchronized long largeInUse() {
    return largeAllocations - largeFrees;
  }

  @Override
  public synchronized StackSegment allocate() {
    admit(options.segmentSize());
    Segment segment = free.poll();
    if (segment == null) {
      // not aligned to more than the contract says
      MemorySegment memory = arena.allocate(options.segmentSize() + 64L, 128).asSlice(64);
      segment = new Segment(memory, false);
    }
    segment.memory.fill(DIRT);
    allocations++;
    segment.inUse = true;
    return segment;
  }

  @Override
  public synchronized StackSegment allocate(long byteSize) {
    if (byteSize < 1 || byteSize > 1L << 40) {
      throw new IllegalArgumentException("byteSize: " + byteSize);
    }
    if (byteSize <= options.segmentSize()) {
      return allocate();
    }
    admit(byteSize);
    if (byteSize > 1L << 30) {
      throw new StackExhaustedException(byteSize, 0, 0, 1L << 30);
    }
    // rounded up, as the allocators of this kit do
    long size = Long.highestOneBit(byteSize * 2 - 1);
    Segment segment = new Segment(arena.allocate(size + 64, 128).asSlice(64), true);
    segment.memory.fill(DIRT);
    largeAllocations++;
    segment.inUse = true;
    return segment;
  }

  @Override
  public LocalAllocator local() {
    Runnable action;
    synchronized (this) {
      action = beforeLocal;
      beforeLocal = null;
    }
    if (action != null) {
      action.run();
    }
    return StackAllocator.super.local();
  }

  private void admit(long bytes) {
    if (closed) {
      throw new IllegalStateException("allocator is closed");
    }
    if (refuseAfter != Integer.MAX_VALUE && refuseAfter-- <= 0) {
      refuseAfter = 0;
      throw new StackExhaustedException(bytes, inUse(), 0, 0);
    }
  }

  @Override
  public synchronized void free(StackSegment segment) {
    Error failure = nextFreeFails;
    if (failure != null) {
      nextFreeFails = null;
      throw failure;
    }
    if (closed) {
      throw new IllegalStateException("allocator is closed");
    }
    Segment mine = (Segment) segment;
    if (!mine.inUse) {
      throw new IllegalStateException("double free");
    }
    if (mine.large) {
      largeFrees++;
    } else {
      free.push(mine);
      frees++;
    }
    mine.inUse = false;
  }

  @Override
  public AllocatorOptions options() {
    return options;
  }

  @Override
  public synchronized List<MachineStats> machines() {
    return List.of(new MachineStats(0, inUse(), free.size(), allocations, frees, 0, 0));
  }

  @Override
  public synchronized long sysBytes() {
    return (inUse() + free.size()) * options.segmentSize();
  }

  @Override
  public LargeStats large() {
    return LargeStats.NONE;
  }

  @Override
  public long trim() {
    return 0;
  }

  @Override
  public synchronized void close() {
    closed = true;
    releaseUnlessLeased();
  }

  @Override
  public synchronized MemoryLease lease() {
    leases++;
    return () -> {
      synchronized (this) {
        leases--;
        releaseUnlessLeased();
      }
    };
  }

  synchronized int leases() {
    return leases;
  }

  private void releaseUnlessLeased() {
    if (closed && leases == 0 && arena.scope().isAlive()) {
      arena.close();
    }
  }

  private final class Segment extends StackSegment {
    private final MemorySegment memory;
    private final boolean large;
    private boolean inUse;

    private Segment(MemorySegment memory, boolean large) {
      this.memory = memory;
      this.large = large;
    }

    @Override
    public MemorySegment memory() {
      if (!inUse) {
        throw new IllegalStateException("not in use");
      }
      return memory;
    }

    @Override
    public long byteSize() {
      Error failure = nextSizeFails;
      if (failure != null) {
        nextSizeFails = null;
        throw failure;
      }
      return memory.byteSize();
    }

    @Override
    public void close() {
      free(this);
    }
  }
}
