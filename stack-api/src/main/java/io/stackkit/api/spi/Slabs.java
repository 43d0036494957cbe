package io.stackkit.api.spi;

import static io.stackkit.api.spi.Machine.EMPTY;

import io.stackkit.api.StackExhaustedException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The pieces in which an allocator's fixed-size memory comes from the system and goes back.
/// Guarded by the allocator's grow lock, except [#bytes()].
///
/// A slab has up to `slabSegments` segments and an arena of its own. Slab number `s` owns the
/// indices from `s * slabSegments`; the number of a slab that was given back is used again.
final class Slabs {

  /// Bytes of the Java heap between two slabs' handles, at most: see [PooledSegment] on margins.
  private static final int MARGIN = 2048;

  /// And for each segment: no more heap for small slabs than for others.
  private static final int MARGIN_OF_ONE = 128;

  private final MachineAllocator<?> allocator;
  private final SystemMemory memory;
  private final int slabSegments;
  private final long segmentBytes;
  private final List<SystemMemory.@Nullable Block> slabs = new ArrayList<>();
  private final ArrayDeque<Integer> freeNumbers = new ArrayDeque<>();
  private final AtomicLong bytes = new AtomicLong();

  Slabs(MachineAllocator<?> allocator, SystemMemory memory, int slabSegments, long segmentBytes) {
    this.allocator = allocator;
    this.memory = memory;
    this.slabSegments = slabSegments;
    this.segmentBytes = segmentBytes;
  }

  /// What all slabs hold. Any thread may ask.
  long bytes() {
    return bytes.get();
  }

  /// Takes a slab from the system and chains its segments, the lowest address first. Where the
  /// system has no more, or the limit allows no more, a smaller one.
  ///
  /// @param home the M that it is for
  /// @return the first segment of a batch, or [Machine#EMPTY] at the limit
  /// @throws StackExhaustedException if the system has not even one segment
  int obtain(int home) {
    if (slabs.size() - freeNumbers.size() >= Integer.MAX_VALUE / slabSegments - 1) {
      return EMPTY;
    }
    for (int wanted = slabSegments; ; wanted /= 2) {
      int count = memory.reserveUpTo(wanted, segmentBytes);
      if (count == 0) {
        return EMPTY;
      }
      try {
        return install(memory.obtain(count * segmentBytes), count, home);
      } catch (StackExhaustedException refused) {
        if (wanted == 1) {
          throw refused;
        }
      }
    }
  }

  private int install(SystemMemory.Block block, int count, int home) {
    try {
      return chain(block, count, home);
    } catch (Throwable e) {
      // the heap is full: the memory goes back, nothing has been published
      memory.giveBack(block);
      throw e;
    }
  }

  private int chain(SystemMemory.Block block, int count, int home) {
    int number = freeNumbers.isEmpty() ? slabs.size() : freeNumbers.peek();
    int first = number * slabSegments;
    PooledSegment[] table = allocator.segments;
    if (table.length < first + slabSegments) {
      table = Arrays.copyOf(table, Math.max(first + slabSegments, growth(table.length)));
    }
    for (int i = count - 1; i >= 0; i--) {
      MemorySegment piece = block.memory().asSlice(i * segmentBytes, segmentBytes, 64);
      int margin = i == 0 ? Math.min(MARGIN, count * MARGIN_OF_ONE) : 0;
      PooledSegment segment = new PooledSegment(allocator, piece, first + i, margin);
      segment.next = i == count - 1 ? EMPTY : first + i + 1;
      table[first + i] = segment;
    }
    allocator.depot().setHome(number, home);
    if (number == slabs.size()) {
      slabs.add(block);
    } else {
      slabs.set(number, block);
      freeNumbers.remove();
    }
    allocator.segments = table;
    bytes.addAndGet(block.memory().byteSize());
    allocator.depot().setCount(first, count);
    return first;
  }

  private static int growth(int length) {
    return (int) Math.min(Integer.MAX_VALUE - 8, Math.max(64, length * 2L));
  }

  /// The slab that a segment belongs to.
  int numberOf(int index) {
    return index / slabSegments;
  }

  /// How many slab numbers there are, those given back included.
  int count() {
    return slabs.size();
  }

  /// How many segments a slab has, 0 if it was given back.
  int segmentsOf(int number) {
    SystemMemory.Block block = slabs.get(number);
    return block == null ? 0 : (int) (block.memory().byteSize() / segmentBytes);
  }

  /// Gives a slab back whose segments the caller has all taken out of every list.
  ///
  /// @return the bytes given back, 0 if a native call is still using the memory
  long giveBack(int number) {
    SystemMemory.Block block = slabs.get(number);
    if (block == null) {
      return 0;
    }
    freeNumbers.add(number); // first: there may be no heap for it
    boolean gone = false;
    try {
      memory.giveBack(block);
      gone = true;
    } catch (IllegalStateException inUseByNativeCall) {
      return 0;
    } finally {
      if (!gone) {
        freeNumbers.removeLast();
      }
    }
    long given = block.memory().byteSize();
    slabs.set(number, null);
    Arrays.fill(
        allocator.segments, number * slabSegments, number * slabSegments + slabSegments, null);
    bytes.addAndGet(-given);
    return given;
  }

  /// Gives every slab back, whoever uses it; the handles stay as they are.
  ///
  /// @return how many could not be given back because a native call is using them
  int giveBackAll() {
    int busy = 0;
    for (int number = 0; number < slabs.size(); number++) {
      SystemMemory.Block block = slabs.get(number);
      if (block != null) {
        try {
          memory.giveBack(block);
          slabs.set(number, null);
        } catch (IllegalStateException inUseByNativeCall) {
          busy++;
        }
      }
    }
    bytes.set(0);
    return busy;
  }
}
