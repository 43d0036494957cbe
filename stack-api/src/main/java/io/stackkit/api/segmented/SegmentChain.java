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
sealed class SegmentChain extends StackPadding {

  /// The alignment that every segment has, by the contract of [StackSegment#memory()].
  static final int ALIGNMENT = 64;

  /// Segments of a new stack's arrays; they grow with the stack.
  private static final int FIRST_SEGMENTS = 4;

  private final StackAllocator allocator;
  final int segmentSize;

  /// The most bytes that may be held. A copy: beside the settings may lie what other threads write.
  private final long maxBytes;

  /// How many segments beyond the current one are kept while frames are open.
  final int surplusAllowed;

  private LocalAllocator local;

  // Beyond what is held, old entries stay: an allocator hands out its newest segment first, so it
  // is mostly the same one that comes again, and needs no store.
  private MemorySegment[] memories = new MemorySegment[FIRST_SEGMENTS];
  private StackSegment[] segments = new StackSegment[FIRST_SEGMENTS];

  /// How many segments there are, the spare included.
  int held;

  private @Nullable StackSegment[] larges = {};
  private int largeCount;

  /// How many of them frames have; [StackCore] counts them when nothing can fail any more.
  int largesInUse;

  /// What each large segment counts as, 0 until that is known; and their sum.
  private long[] largeSizes = {};

  private long largeBytes;

  SegmentChain(StackAllocator allocator, StackSettings settings) {
    this.allocator = allocator;
    this.segmentSize = allocator.options().segmentSize();
    this.maxBytes = settings.maxBytes();
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

  long heldBytes() {
    return (long) held * segmentSize + largeBytes;
  }

  /// How much of a segment an alignment may cost: segments are aligned to 64 bytes.
  static long slack(long byteAlignment) {
    return Math.max(0, byteAlignment - ALIGNMENT);
  }

  /// The memory of each segment, at its index; another array after [#prepare(int, int)] has grown
  /// it.
  MemorySegment[] memories() {
    return memories;
  }

  /// Makes sure that there is a segment at an index: the spare, or else a fresh one, which is the
  /// spare until the stack makes it the current one.
  ///
  /// This and [#memory(int)] are two methods for the sake of C2, which does not inline what it has
  /// compiled to more than 2,500 bytes of machine code. Together they came to 2,900, and it
  /// depended on the order of compilations whether the stack called them: deep recursion took 1.4
  /// times as long in every other JVM.
  ///
  /// @param index at most [#held]
  void prepare(int index, int depth) {
    if (index == held) {
      append(index, depth);
    }
  }

  /// The memory of the segment at an index, which is then in [#memories()] as well.
  @SuppressWarnings({"ReferenceEquality", "MemorySegmentReferenceEquality"}) // saves a store
  MemorySegment memory(int index) {
    MemorySegment memory = segments[index].memory();
    if (memories[index] != memory) {
      memories[index] = memory;
    }
    return memory;
  }

  /// Gets a fresh segment, which is the spare until the stack makes it the current one.
  ///
  /// @param index [#held]
  @SuppressWarnings("ReferenceEquality") // saves a store
  void append(int index, int depth) {
    if (index == segments.length) {
      enlarge();
    }
    reserve(segmentSize, index, depth);
    StackSegment segment = local.allocate();
    if (segments[index] != segment) {
      segments[index] = segment;
    }
    held = index + 1;
  }

  /// Too long to become a part of [#append(int, int)]: see the package's notes on inlining.
  private void enlarge() {
    int room = segments.length * 2;
    MemorySegment[] moreMemories = Arrays.copyOf(memories, room);
    StackSegment[] moreSegments = Arrays.copyOf(segments, room);
    memories = moreMemories;
    segments = moreSegments;
  }

  /// Gives segments back to the allocator, the newest first.
  ///
  /// @param keep how many to keep
  /// @param failure an earlier failure
  /// @return the first failure, if any
  @Nullable RuntimeException trim(int keep, @Nullable RuntimeException failure) {
    RuntimeException first = failure;
    while (held > keep) {
      try {
        local.free(segments[held - 1]);
      } catch (RuntimeException e) {
        // the allocator is closed: it has taken the memory back by itself
        first = first == null ? e : first;
      }
      held--;
    }
    return first;
  }

  /// Gives the newest segment back to the allocator.
  void dropLast() {
    int last = held - 1;
    try {
      local.free(segments[last]);
    } catch (RuntimeException e) {
      // the allocator is closed: it has taken the memory back by itself
      held = last;
      throw e;
    }
    held = last;
  }

  /// Takes a large segment.
  ///
  /// @return memory of at least `byteSize` bytes at an address that has the alignment
  /// @throws IllegalArgumentException if the allocator has no segment of that size
  /// @throws StackLimitException if what the allocator hands out is more than may be held; it is
  ///   given back
  MemorySegment large(long byteSize, long byteAlignment, int current, int depth) {
    long slack = slack(byteAlignment);
    long need = byteSize > Long.MAX_VALUE - slack ? Long.MAX_VALUE : byteSize + slack;
    int before = largesInUse;
    RuntimeException _ = dropSurplus(null);
    if (before == larges.length) {
      enlargeLarges();
    }
    reserve(need, current + 1, depth);
    StackSegment segment = allocateLarge(need, byteSize, byteAlignment);
    larges[before] = segment;
    largeSizes[before] = 0;
    largeCount = before + 1;
    try {
      long bytes = segment.byteSize();
      largeSizes[before] = bytes;
      largeBytes += bytes;
      recheck(bytes, current + 1, depth);
      MemorySegment memory = segment.memory();
      return memory.asSlice(-memory.address() & (byteAlignment - 1));
    } catch (Throwable e) {
      // a failure here is that of a closed allocator, which has the memory already
      RuntimeException _ = dropSurplus(null);
      throw e;
    }
  }

  private void enlargeLarges() {
    int room = Math.max(4, largeCount * 2);
    @Nullable StackSegment[] moreLarges = Arrays.copyOf(larges, room);
    long[] moreSizes = Arrays.copyOf(largeSizes, room);
    larges = moreLarges;
    largeSizes = moreSizes;
  }

  /// @param need what the size and the alignment come to: a number that the caller never gave
  private StackSegment allocateLarge(long need, long byteSize, long byteAlignment) {
    try {
      return allocator.allocate(need);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "byteSize: %d with byteAlignment: %d (together %d bytes, which the allocator refuses: %s); ask for less"
              .formatted(byteSize, byteAlignment, need, e.getMessage()),
          e);
    }
  }

  /// Gives large segments back, the newest first, until `count` are left.
  ///
  /// @param failure an earlier failure
  /// @return the first failure, if any
  @Nullable RuntimeException dropLarges(int count, @Nullable RuntimeException failure) {
    RuntimeException first = failure;
    largesInUse = Math.min(largesInUse, count);
    while (largeCount > count) {
      StackSegment segment = Objects.requireNonNull(larges[largeCount - 1]);
      try {
        allocator.free(segment);
      } catch (RuntimeException e) {
        first = first == null ? e : first;
      }
      largeBytes -= largeSizes[largeCount - 1];
      larges[largeCount - 1] = null;
      largeCount--;
    }
    return first;
  }

  /// Gives back the large segments that no frame has: an error left them.
  @Nullable RuntimeException dropSurplus(@Nullable RuntimeException failure) {
    return dropLarges(largesInUse, failure);
  }

  private void reserve(long bytes, int needed, int depth) {
    long limit = maxBytes;
    if (limit == Long.MAX_VALUE || bytes <= limit - heldBytes()) {
      return;
    }
    // a spare is of no use to a large request
    RuntimeException failure = trim(needed, dropSurplus(null));
    if (failure != null) {
      throw failure;
    }
    if (bytes > limit - heldBytes()) {
      throw new StackLimitException(bytes, heldBytes(), limit, depth);
    }
  }

  /// Looks again at the limit: the newest large segment may have more bytes than were asked for.
  private void recheck(long bytes, int needed, int depth) {
    if (heldBytes() <= maxBytes) {
      return;
    }
    RuntimeException failure = trim(needed, null);
    if (failure != null) {
      throw failure;
    }
    if (heldBytes() > maxBytes) {
      throw new StackLimitException(bytes, heldBytes() - bytes, maxBytes, depth);
    }
  }

  /// With nothing of a neighbour's behind its last field.
  @SuppressWarnings("unused")
  static final class Padded extends SegmentChain {
    private long q0;
    private long q1;
    private long q2;
    private long q3;
    private long q4;
    private long q5;
    private long q6;
    private long q7;

    Padded(StackAllocator allocator, StackSettings settings) {
      super(allocator, settings);
    }
  }
}
