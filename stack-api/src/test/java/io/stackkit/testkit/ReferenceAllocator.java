package io.stackkit.testkit;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.LargeStats;
import io.stackkit.api.LocalAllocator;
import io.stackkit.api.MachineStats;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackExhaustedException;
import io.stackkit.api.StackSegment;
import io.stackkit.api.Zeroing;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The simplest allocator that keeps the contract: the design of the Go commit under one lock. For
/// tests only.
@SuppressWarnings("MustBeClosedChecker") // arenas live until they are given back
public final class ReferenceAllocator implements StackAllocator {

  private static final int SHARED_MACHINES = 4;
  private static final int ALIGNMENT = 64;

  private final AllocatorOptions options;
  private final int segmentSize;
  private final List<Machine> machines = new ArrayList<>();
  private final Deque<List<ReferenceSegment>> batches = new ArrayDeque<>();
  private final Map<Arena, Integer> slabs = new HashMap<>();
  private final Set<ReferenceSegment> largeInUse = new HashSet<>();
  private long inUse;
  private long sysBytes;
  private long largeBytes;
  private long largeAllocations;
  private boolean closed;

  /// Opens an allocator.
  public ReferenceAllocator(AllocatorOptions options) {
    this.options = options;
    this.segmentSize = options.segmentSize();
  }

  private static final class Machine {
    /// Null for those that virtual threads share.
    Thread owner;

    final Deque<ReferenceSegment> cache = new ArrayDeque<>();
    long allocations;
    long frees;
    long refills;
    long releases;
  }

  private Machine machine() {
    Thread thread = Thread.currentThread();
    if (thread.isVirtual()) {
      long slot = thread.threadId() % SHARED_MACHINES;
      List<Machine> shared = machines.stream().filter(m -> m.owner == null).toList();
      return slot < shared.size() ? shared.get((int) slot) : add(null);
    }
    Machine dead = null;
    for (Machine machine : machines) {
      if (machine.owner == thread) {
        return machine;
      }
      dead = machine.owner != null && !machine.owner.isAlive() ? machine : dead;
    }
    if (dead == null) {
      return add(thread);
    }
    dead.owner = thread;
    return dead;
  }

  private Machine add(Thread owner) {
    Machine machine = new Machine();
    machine.owner = owner;
    machines.add(machine);
    return machine;
  }

  @Override
  public synchronized StackSegment allocate() {
    requireOpen();
    Machine machine = machine();
    if (machine.cache.isEmpty()) {
      refill(machine);
      machine.refills++;
    }
    ReferenceSegment segment = machine.cache.pop();
    machine.allocations++;
    inUse++;
    return handOut(segment);
  }

  private StackSegment handOut(ReferenceSegment segment) {
    segment.inUse = true;
    if (options.zeroing() == Zeroing.ON_ALLOCATE) {
      segment.memory.fill((byte) 0);
    }
    return segment;
  }

  private void refill(Machine machine) {
    if (batches.isEmpty() && !obtainBatch()) {
      machines.forEach(this::releaseAll);
    }
    if (batches.isEmpty()) {
      throw exhausted(segmentSize);
    }
    machine.cache.addAll(batches.pop());
  }

  private boolean obtainBatch() {
    long room = (options.maxBytes() - sysBytes - largeBytes) / segmentSize;
    int count = (int) Math.min(room, options.batchSize());
    if (count == 0) {
      return false;
    }
    Arena arena = Arena.ofShared();
    MemorySegment slab = arena.allocate((long) count * segmentSize, ALIGNMENT);
    List<ReferenceSegment> batch = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      MemorySegment memory = slab.asSlice((long) i * segmentSize, segmentSize);
      batch.add(new ReferenceSegment(this, arena, memory));
    }
    slabs.put(arena, count);
    sysBytes += slab.byteSize();
    batches.push(batch);
    return true;
  }

  /// Moves the oldest batch of a cache, or what there is, to the shared list.
  private void release(Machine machine) {
    List<ReferenceSegment> batch = new ArrayList<>();
    while (batch.size() < options.batchSize() && !machine.cache.isEmpty()) {
      batch.add(machine.cache.removeLast());
    }
    if (!batch.isEmpty()) {
      batches.push(batch);
    }
  }

  private void releaseAll(Machine machine) {
    while (!machine.cache.isEmpty()) {
      release(machine);
    }
  }

  @Override
  public synchronized StackSegment allocate(long byteSize) {
    requireOpen();
    if (byteSize < 1 || byteSize > 1L << 40) {
      throw new IllegalArgumentException("byteSize: " + byteSize + " (must be from 1 to 1t)");
    }
    if (byteSize <= segmentSize) {
      return allocate();
    }
    if (byteSize > options.maxBytes() - sysBytes - largeBytes) {
      giveBackFreeSlabs();
    }
    if (byteSize > options.maxBytes() - sysBytes - largeBytes) {
      throw exhausted(byteSize);
    }
    Arena arena = Arena.ofShared();
    ReferenceSegment segment =
        new ReferenceSegment(this, arena, arena.allocate(byteSize, ALIGNMENT));
    largeInUse.add(segment);
    largeBytes += byteSize;
    largeAllocations++;
    return handOut(segment);
  }

  private StackExhaustedException exhausted(long requested) {
    long used = inUse * segmentSize;
    return new StackExhaustedException(
        requested, used + largeBytes, sysBytes - used, options.maxBytes());
  }

  @Override
  public synchronized void free(StackSegment segment) {
    Objects.requireNonNull(segment, "segment");
    if (!(segment instanceof ReferenceSegment own) || own.owner != this) {
      throw new IllegalArgumentException("another allocator handed out " + segment);
    }
    requireOpen();
    if (!own.inUse) {
      throw new IllegalStateException("not in use: " + own.memory);
    }
    own.inUse = false;
    if (options.zeroing() == Zeroing.ON_FREE) {
      own.memory.fill((byte) 0);
    }
    if (largeInUse.remove(own)) {
      largeBytes -= own.byteSize();
      own.arena.close();
      return;
    }
    Machine machine = machine();
    if (machine.cache.size() == options.cacheSize()) {
      release(machine);
      machine.releases++;
    }
    machine.cache.push(own);
    machine.frees++;
    inUse--;
  }

  synchronized MemorySegment memoryOf(ReferenceSegment segment) {
    requireOpen();
    if (!segment.inUse) {
      throw new IllegalStateException("not in use: " + segment.memory);
    }
    return segment.memory;
  }

  @Override
  public synchronized LocalAllocator local() {
    requireOpen();
    return new LocalAllocator.Direct(this);
  }

  @Override
  public AllocatorOptions options() {
    return options;
  }

  @Override
  public synchronized List<MachineStats> machines() {
    List<MachineStats> stats = new ArrayList<>();
    for (Machine m : machines) {
      long used = m.allocations - m.frees;
      long idle = closed ? 0 : m.cache.size();
      stats.add(
          new MachineStats(
              stats.size(), used, idle, m.allocations, m.frees, m.refills, m.releases));
    }
    return List.copyOf(stats);
  }

  @Override
  public synchronized long sysBytes() {
    return sysBytes;
  }

  @Override
  public synchronized LargeStats large() {
    return new LargeStats(largeBytes, 0, largeAllocations, 0);
  }

  @Override
  public synchronized long trim() {
    requireOpen();
    return giveBackFreeSlabs();
  }

  private long giveBackFreeSlabs() {
    long before = sysBytes;
    machines.forEach(this::releaseAll);
    Map<Arena, Integer> free = new HashMap<>();
    batches.forEach(b -> b.forEach(s -> free.merge(s.arena, 1, Integer::sum)));
    free.entrySet().removeIf(e -> !e.getValue().equals(slabs.get(e.getKey())));
    batches.forEach(b -> b.removeIf(s -> free.containsKey(s.arena)));
    batches.removeIf(List::isEmpty);
    free.forEach(
        (arena, count) -> {
          slabs.remove(arena);
          sysBytes -= (long) count * segmentSize;
          arena.close();
        });
    return before - sysBytes;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the allocator is closed");
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    slabs.keySet().forEach(Arena::close);
    largeInUse.forEach(s -> s.arena.close());
    long count = inUse + largeInUse.size();
    sysBytes = 0;
    largeBytes = 0;
    if (count > 0) {
      throw new IllegalStateException("closed with " + count + " segments in use");
    }
  }
}
