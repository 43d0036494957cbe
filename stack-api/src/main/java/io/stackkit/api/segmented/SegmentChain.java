package io.stackkit.api.segmented;

import io.stackkit.api.LocalAllocator;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackSegment;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The memory that one stack holds: its segments in the order of the stack, the spare behind them,
/// and the large segments. The slow half of [SegmentedStack], confined with it.
///
/// Two arrays are used as stacks. What lies beyond the end that frames need is *surplus*: the
/// spare, or what an error (a [StackOverflowError] strikes at any call) kept from being given back.
/// So a segment is recorded as soon as it is there and struck off only after it is gone, and
/// nothing is lost whatever happens in between.
final class SegmentChain {

  /// The alignment that every segment has, by the contract of [StackSegment#memory()].
  private static final long SEGMENT_ALIGNMENT = 64;

  /// Segments of a new stack's arrays; they grow with the stack.
  private static final int FIRST_SEGMENTS = 4;

  private final StackAllocator allocator;
  private final StackSettings settings;
  final int segmentSize;

  /// How many segments beyond the current one are kept while frames are open.
  final int surplusAllowed;

  private LocalAllocator local;

  /// The memory of each held segment, at its index. Frames find theirs here by [#current]: a field
  /// with the current one would have to be stored at every split, with a barrier of the collector.
  MemorySegment[] memories = new MemorySegment[FIRST_SEGMENTS];

  private @Nullable StackSegment[] segments = new StackSegment[FIRST_SEGMENTS];

  /// How many segments there are, the spare included.
  int held;

  /// The index of the segment that frames allocate from, -1 before there is one. Stored by the
  /// stack, in one go with the fields that depend on it.
  int current = -1;

  private @Nullable StackSegment[] larges = {};
  private int largeCount;
  private long largeBytes;

  SegmentChain(StackAllocator allocator, StackSettings settings) {
    this.allocator = allocator;
    this.settings = settings;
    this.segmentSize = allocator.options().segmentSize();
    this.surplusAllowed = settings.spare() ? 1 : 0;
    this.local = allocator.local();
    settings.checkAgainst(segmentSize);
  }

  StackAllocator allocator() {
    return allocator;
  }

  /// Makes the calling thread's view of the allocator the one that is used.
  void adopt() {
    local = allocator.local();
  }

  int largeCount() {
    return largeCount;
  }

  long heldBytes() {
    return (long) held * segmentSize + largeBytes;
  }

  /// Says whether a request fits into any fresh segment, wherever that lies.
  boolean fitsSegment(long byteSize, long byteAlignment) {
    return byteSize <= segmentSize
        && byteAlignment <= segmentSize
        && byteSize + slack(byteAlignment) <= segmentSize;
  }

  private static long slack(long byteAlignment) {
    return Math.max(0, byteAlignment - SEGMENT_ALIGNMENT);
  }

  /// Makes sure that there is a segment after the current one: the spare, or else a fresh one,
  /// which is the spare until the stack makes it the current one.
  void prepareNext(int depth) {
    int index = current + 1;
    if (index < held) {
      return;
    }
    if (index == segments.length) {
      segments = Arrays.copyOf(segments, index * 2);
      memories = Arrays.copyOf(memories, index * 2);
    }
    StackSegment segment = segments[index];
    if (segment == null) {
      reserve(segmentSize, depth);
      segment = local.allocate();
      segments[index] = segment;
    }
    MemorySegment memory = segment.memory();
    memories[index] = memory;
    held = index + 1;
  }

  /// Gives segments back to the allocator, the newest first.
  ///
  /// @param surplus how many to keep beyond the current one
  /// @param failure an earlier failure
  /// @return the first failure, if any
  @Nullable RuntimeException trim(int surplus, @Nullable RuntimeException failure) {
    RuntimeException first = failure;
    int keep = current + 1 + surplus;
    while (held > keep) {
      try {
        local.free(Objects.requireNonNull(segments[held - 1]));
      } catch (RuntimeException e) {
        // the allocator is closed: it has taken the memory back by itself
        first = first == null ? e : first;
      }
      segments[held - 1] = null;
      held--;
    }
    return first;
  }

  /// Takes a large segment.
  ///
  /// @return memory of at least `byteSize` bytes at an address that has the alignment
  MemorySegment large(long byteSize, long byteAlignment, int depth) {
    long slack = slack(byteAlignment);
    long need = byteSize > Long.MAX_VALUE - slack ? Long.MAX_VALUE : byteSize + slack;
    if (largeCount == larges.length) {
      larges = Arrays.copyOf(larges, Math.max(4, largeCount * 2));
    }
    reserve(need, depth);
    StackSegment segment = allocator.allocate(need);
    long bytes = segment.byteSize();
    larges[largeCount] = segment;
    largeCount++;
    largeBytes += bytes;
    MemorySegment memory = segment.memory();
    return memory.asSlice(-memory.address() & (byteAlignment - 1));
  }

  /// Gives large segments back, the newest first, until `count` are left.
  ///
  /// @param failure an earlier failure
  /// @return the first failure, if any
  @Nullable RuntimeException dropLarges(int count, @Nullable RuntimeException failure) {
    RuntimeException first = failure;
    while (largeCount > count) {
      StackSegment segment = Objects.requireNonNull(larges[largeCount - 1]);
      long bytes = segment.byteSize();
      try {
        allocator.free(segment);
      } catch (RuntimeException e) {
        first = first == null ? e : first;
      }
      largeBytes -= bytes;
      larges[largeCount - 1] = null;
      largeCount--;
    }
    return first;
  }

  private void reserve(long bytes, int depth) {
    long limit = settings.maxBytes();
    if (limit == Long.MAX_VALUE || bytes <= limit - heldBytes()) {
      return;
    }
    // a spare is of no use to a large request
    RuntimeException failure = trim(0, null);
    if (failure != null) {
      throw failure;
    }
    if (bytes > limit - heldBytes()) {
      throw new StackLimitException(bytes, heldBytes(), limit, depth);
    }
  }
}
