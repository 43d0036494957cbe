package io.stackkit.api.segmented;

import io.stackkit.api.StackAllocator;
import io.stackkit.api.Zeroing;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Where a stack is and how it moves: the mechanism under [SegmentedStack], which checks and
/// explains. How it works is told in the package's `package-info.java`.
abstract sealed class StackCore extends StackPadding permits SegmentedStack {

  /// What [#next] grows by when a frame is opened: one frame more than there ever were, in the
  /// upper half, and one level more, in the lower.
  static final long ONE_PUSH = (1L << Integer.SIZE) + 1;

  /// A mark has its frame's depth, what was the current segment, how many large segments there
  /// were, or [#ONE_SEGMENT], and what [#slowUpTo] will be again.
  private static final int MARK = 4;

  /// The mark of a frame that took the segment after its first one and nothing else: one that is
  /// the spare when the frame closes.
  private static final int ONE_SEGMENT = -1;

  /// Unused ints on either side of [#marks]: 64 bytes. It is written at every split.
  private static final int MARGIN = 16;

  /// Where the first mark is. The one before it is nobody's: zeros, a depth that no frame has.
  private static final int FIRST_MARK = MARGIN + MARK;

  private static final int FIRST_MARKS = FIRST_MARK + 7 * MARK + MARGIN;

  /// How long an idle stack of a pool keeps [#marks]. Covers all but extraordinary recursion.
  private static final int MAX_IDLE_MARKS = 1024 * MARK;

  /// The thread that may use this stack, null once it is closed, or idle in a pool.
  @Nullable Thread owner;

  /// The id of the innermost frame, 0 if none is open.
  long top;

  /// The id of the next frame: in the lower half its depth, in the upper half how many frames there
  /// ever were. So no two frames have the same id, as long as there are fewer than four billion
  /// between them. The depth is always that of [#top], and one: see the package's notes on frames.
  long next = 1;

  /// The first free offset of the current segment.
  long sp;

  /// What of a segment is handed out quickly: its size, or -1, so that nothing is, if all memory is
  /// zeroed.
  private final long limit;

  /// The offset of what [#takeSlowly] found.
  private long slowStart;

  /// The index of the current segment, -1 before there is one.
  private int current = -1;

  /// How many segments are known in [#memories]; the last one may be the spare.
  private int ready;

  /// Closing a frame of at most this depth takes more than restoring two fields.
  private int slowUpTo;

  /// Only a frame above this depth takes the spare quickly: not the outermost one, which gives it
  /// back, and no frame that starts NOWHERE.
  private int quickAbove;

  /// Up to where [#marks] is used.
  private int marked;

  /// What frames took, by [#MARK], from [#FIRST_MARK] on, the innermost last.
  private int[] marks = new int[FIRST_MARKS];

  /// By index; the array of [#chain]. There is no field for the current one: storing it at every
  /// split, in an object that is old, takes a memory fence of the collector's barrier.
  private MemorySegment[] memories;

  /// The first one, where most stacks are most of the time: through the array it takes two more
  /// loads that wait for each other (the benchmarks' `--paired --workload frames1 --allocators
  /// lwjgl-segment-stack cached`: 1.35 times LWJGL's SegmentStack before, 1.2 after).
  private MemorySegment first = MemorySegment.NULL;

  /// The id of the innermost open arena, 0 if there is none.
  long arena;

  final SegmentChain chain;
  final boolean zeroArenas;
  private final boolean zeroOnAllocate;
  private final boolean zeroOnClose;

  /// [#slowUpTo] and [#quickAbove] while no frame is open.
  private final int idleSlowUpTo;

  private final int idleQuickAbove;

  StackCore(StackAllocator allocator, StackSettings settings, boolean pooled) {
    Zeroing zeroing = allocator.options().zeroing();
    this.zeroOnAllocate = zeroing == Zeroing.ON_ALLOCATE;
    this.zeroOnClose = zeroing == Zeroing.ON_FREE;
    this.zeroArenas = settings.zeroArenas() && !zeroOnAllocate;
    this.chain = new SegmentChain.Padded(allocator, settings);
    this.memories = chain.memories();
    this.limit = zeroOnAllocate ? -1 : chain.segmentSize;
    this.idleSlowUpTo = zeroOnClose ? Integer.MAX_VALUE : pooled ? 1 : 0;
    this.idleQuickAbove =
        zeroOnAllocate || zeroOnClose || chain.surplusAllowed == 0 ? Integer.MAX_VALUE : 1;
    this.sp = nowhere();
    forgetFrames();
  }

  /// An offset behind which nothing fits: [#sp] while there is no segment.
  private long nowhere() {
    return chain.segmentSize + 1L;
  }

  /// No frame is open.
  private void forgetFrames() {
    top = 0;
    next += 1 - (int) next;
    arena = 0;
    marked = FIRST_MARK;
    slowUpTo = idleSlowUpTo;
    quickAbove = idleQuickAbove;
  }

  /// Says whether the frame that has this id must be refused.
  final boolean refuses(long id) {
    return Thread.currentThread() != owner || top != id;
  }

  /// [StackFrame#allocate(long, long)] of the frame that has this id.
  final MemorySegment take(long id, long byteSize, long byteAlignment) {
    if (refuses(id)) {
      throw Refusal.of(this, id, "allocate");
    }
    return take((int) id, byteSize, byteAlignment);
  }

  /// [StackFrame#close()] of the frame that has this id.
  final void pop(long id, long below, long start) {
    if (refuses(id)) {
      throw Refusal.of(this, id, "be closed");
    }
    pop(below, start);
  }

  /// Allocates for the innermost frame; the caller has checked that it is the one at `depth`.
  final MemorySegment take(int depth, long byteSize, long byteAlignment) {
    // segments are aligned to so much that offsets tell
    boolean plain =
        byteSize >= 0
            && Long.compareUnsigned(byteAlignment - 1, SegmentChain.ALIGNMENT) < 0
            && (byteAlignment & (byteAlignment - 1)) == 0;
    long start = (sp + byteAlignment - 1) & -byteAlignment;
    MemorySegment source;
    if (plain && byteSize <= limit - start) {
      int now = current;
      source = now == 0 ? first : memories[now];
      sp = start + byteSize;
    } else if (plain
        && byteSize <= limit
        && depth > quickAbove
        && current + 1 < ready
        && marked < marks.length - MARGIN
        && marks[marked - MARK] != depth) {
      int before = current;
      source = memories[before + 1];
      int[] all = marks;
      int end = marked;
      all[end + 3] = Math.max(slowUpTo, 1);
      all[end + 2] = ONE_SEGMENT;
      all[end + 1] = before;
      all[end] = depth;
      marked = end + MARK;
      slowUpTo = depth;
      current = before + 1;
      start = 0;
      sp = byteSize;
    } else {
      source = takeSlowly(depth, byteSize, byteAlignment);
      start = slowStart;
    }
    return source.asSlice(start, byteSize);
  }

  /// Finds memory where that is not just the next of the current segment, or of the spare. Leaves
  /// its offset in [#slowStart] and moves [#sp] behind the allocation.
  @SuppressWarnings({"ReferenceEquality", "MemorySegmentReferenceEquality"}) // saves a store
  private MemorySegment takeSlowly(int depth, long byteSize, long byteAlignment) {
    int before = current;
    int end = marked;
    int[] all = marks;
    if (byteSize >= 0
        && byteSize <= limit
        && Long.compareUnsigned(byteAlignment - 1, SegmentChain.ALIGNMENT) < 0
        && (byteAlignment & (byteAlignment - 1)) == 0
        && before >= 0
        && chain.held == before + 1
        && end < all.length - MARGIN
        && all[end - MARK] != depth) {
      // as mostly: the frame's first segment, which must be a fresh one
      chain.append(before + 1, depth);
      MemorySegment fresh = chain.memory(before + 1);
      if (memories != chain.memories()) {
        memories = chain.memories();
      }
      all[end + 3] = Math.max(slowUpTo, 1);
      all[end + 2] = depth <= quickAbove ? chain.largesInUse : ONE_SEGMENT;
      all[end + 1] = before;
      all[end] = depth;
      marked = end + MARK;
      slowUpTo = Math.max(slowUpTo, depth);
      current = before + 1;
      ready = before + 2;
      slowStart = 0;
      sp = byteSize;
      return fresh;
    }
    Refusal.checkRequest(byteSize, byteAlignment);
    int most = chain.segmentSize;
    if (before >= 0) {
      // all memory is zeroed, or the alignment is more than that of segments
      MemorySegment memory = memories[before];
      long base = memory.address();
      long start = ((base + sp + byteAlignment - 1) & -byteAlignment) - base;
      if (byteSize <= most - start) {
        if (zeroOnAllocate) {
          Zeros.clear(memory.asSlice(start, byteSize));
        }
        slowStart = start;
        sp = start + byteSize;
        return memory;
      }
    }
    if (marked == marks.length - MARGIN) {
      marks = Arrays.copyOf(marks, marked * 2);
    }
    boolean marksItself = marks[marked - MARK] == depth;
    int larges = chain.largesInUse;
    // in any fresh segment, wherever that lies
    boolean isLarge =
        byteSize > most
            || byteAlignment > most
            || byteSize + SegmentChain.slack(byteAlignment) > most;
    MemorySegment source;
    long start = 0;
    if (isLarge) {
      ready = Math.min(ready, before + 1); // the spare may have to make room
      source = chain.large(byteSize, byteAlignment, before, depth);
    } else {
      chain.prepare(before + 1, depth);
      source = chain.memory(before + 1);
      if (memories != chain.memories()) {
        memories = chain.memories();
      }
      if (before < 0 && first != source) {
        first = source;
      }
      start = -source.address() & (byteAlignment - 1);
    }
    if (zeroOnAllocate) {
      Zeros.clear(source.asSlice(start, byteSize));
    }
    // nothing fails from here on
    if (marksItself) {
      if (marks[marked - 2] == ONE_SEGMENT) {
        marks[marked - 2] = larges;
      }
    } else if (isLarge || before >= 0) {
      marks[marked] = depth;
      marks[marked + 1] = before;
      marks[marked + 2] = isLarge || depth <= quickAbove ? larges : ONE_SEGMENT;
      marks[marked + 3] = Math.max(slowUpTo, 1);
      marked += MARK;
    }
    slowUpTo = Math.max(slowUpTo, depth);
    if (isLarge) {
      chain.largesInUse = larges + 1;
    } else {
      if (before < 0) {
        // the first segment stays with the stack; all open frames start NOWHERE
        quickAbove = Math.max(quickAbove, depth);
      }
      current = before + 1;
      ready = Math.max(ready, current + 1);
      sp = start + byteSize;
    }
    slowStart = start;
    return source;
  }

  /// Closes the innermost frame; the caller has checked that it is the one.
  ///
  /// @param below what [#top] was before it
  /// @param start what [#sp] was
  final void pop(long below, long start) {
    int depthBelow = (int) below;
    if (depthBelow >= slowUpTo) {
      sp = start;
      top = below;
      next--;
    } else if (marks[marked - MARK] == depthBelow + 1
        && marks[marked - 2] == ONE_SEGMENT
        && ready == current + 1) {
      // what it took is the spare now
      int end = marked - MARK;
      slowUpTo = marks[end + 3];
      marked = end;
      current--;
      sp = start;
      top = below;
      next--;
    } else {
      popSlowly(depthBelow + 1, below, start);
    }
  }

  /// Closes the innermost frame where that takes more than restoring a few fields.
  private void popSlowly(int depth, long below, long start) {
    int end = marked - MARK;
    int[] all = marks;
    int now = current;
    int kept = now + chain.surplusAllowed;
    if (depth > 1
        && all[end] == depth
        && all[end + 1] == now - 1
        && (all[end + 2] == ONE_SEGMENT || all[end + 2] == chain.largesInUse)
        && start <= chain.segmentSize
        && chain.held == kept + 1
        && !zeroOnClose) {
      // as mostly: it took one segment, and one goes back
      slowUpTo = all[end + 3];
      marked = end;
      current = now - 1;
      ready = Math.min(ready, kept);
      sp = start;
      top = below;
      next--;
      chain.dropLast();
      return;
    }
    boolean marksItself = marks[marked - MARK] == depth;
    int mark = marksItself ? marks[marked - 3] : current;
    int before = Math.min(current, Math.max(mark, 0)); // the first segment is no frame's
    boolean split = before < current;
    boolean early = start > chain.segmentSize;
    long first = early && before >= 0 ? 0 : start;
    if (zeroOnClose && before >= 0) {
      // as far as the stack keeps it: what goes back to the allocator is the allocator's to clear
      long used = split ? chain.segmentSize : sp;
      Zeros.clear(memories[before].asSlice(first, used - first));
      if (split && chain.surplusAllowed != 0) {
        Zeros.clear(memories[before + 1]);
      }
    }
    int larges = marksItself ? marks[marked - 2] : ONE_SEGMENT;
    int marksLeft = marksItself ? marked - MARK : marked;
    int slow = idleSlowUpTo;
    int quick = idleQuickAbove;
    int surplus = 0;
    if (depth > 1) {
      quick = quickAbove;
      surplus = chain.surplusAllowed;
      // whoever closes the outermost frame gives the spare back
      slow = Math.max(slow, 1);
      slow = Math.max(slow, marks[marksLeft - MARK]);
      if (early) {
        slow = Math.max(slow, depth - 1);
        quick = Math.max(idleQuickAbove, Math.min(quick, slow));
      }
    }
    if (split) {
      current = before;
    }
    marked = marksLeft;
    slowUpTo = slow;
    quickAbove = quick;
    sp = first;
    top = below;
    next--;
    int keep = current + 1 + surplus;
    ready = Math.min(ready, keep);
    RuntimeException failure = null;
    if (larges != ONE_SEGMENT) {
      failure = chain.dropLarges(larges, null);
    } else if (depth == 1) {
      failure = chain.dropSurplus(null);
    }
    if (chain.held > keep) {
      failure = chain.trim(keep, failure);
    }
    if (depth == 1) {
      handBackIfIdle();
    }
    if (failure != null) {
      throw failure;
    }
  }

  /// Closes every frame and gives all memory back.
  ///
  /// @return the first failure, if any
  @Nullable RuntimeException releaseAll() {
    forgetFrames();
    return releaseSegments(chain.dropLarges(0, null));
  }

  private @Nullable RuntimeException releaseSegments(@Nullable RuntimeException failure) {
    sp = nowhere();
    current = -1;
    ready = 0;
    return chain.trim(0, failure);
  }

  /// Gets ready to be idle in a pool. A failure to give back means that the allocator is closed and
  /// has the memory already.
  final void rest(boolean keepBase) {
    if (!keepBase) {
      RuntimeException _ = releaseSegments(null);
    }
    if (marks.length > MAX_IDLE_MARKS) {
      marks = new int[FIRST_MARKS];
    }
  }

  /// Hands this stack back to its pool if no frame is open.
  abstract void handBackIfIdle();
}
