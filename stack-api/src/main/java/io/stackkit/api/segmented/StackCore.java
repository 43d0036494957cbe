package io.stackkit.api.segmented;

import io.stackkit.api.StackAllocator;
import io.stackkit.api.Zeroing;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Where a stack is and how it moves: the mechanism under [SegmentedStack], which checks and
/// explains.
abstract sealed class StackCore extends StackPadding permits SegmentedStack {

  // HOW IT WORKS
  //
  // Layout. Frames of one stack lie one behind the other in a segment, the newest at the highest
  // address. The hot state is four numbers: the address that is free (sp), the
  // end of the current segment (limit), its index, and which frame is innermost (top). A push
  // saves sp in the frame object of its depth, an allocation moves sp, a close brings the saved
  // one back. Frame objects are made once for each depth and found by index, so that push and
  // close store numbers only: storing a reference costs a barrier of the collector.
  //
  // Growth. An allocation that does not fit calls for the next segment (Go's morestack), and the
  // frame remembers which segment was current before. Closing that frame makes the old segment
  // current again and gives the others back (Go's lessstack). What was allocated never moves. The
  // rest of the old segment stays empty meanwhile, as in Go: a frame that took a segment goes on
  // in it.
  //
  // The hot split. In Go 1.1 a call in a loop, just at the edge of a segment, paid for a segment
  // taken and given back in every turn, which is why Go 1.4 gave up segments for stacks that are
  // copied. Native code holds addresses into our frames, so nothing can be copied. Instead one
  // segment is kept beyond the current one. It goes back when the outermost frame closes, so the
  // price is bounded: one segment, and only while the stack is in use.
  //
  // The first segment is taken by the first allocation and stays: a stack that is used again and
  // again does not bother the allocator. Frames that were open before it was there get its address
  // as their start.
  //
  // One slice. Memory is handed out by one asSlice where the fast and the slow path have joined.
  // If each path had its own, the compiler would have to merge two objects, could not keep the
  // result out of the heap, and every allocation would make garbage.
  //
  // The chain of loads. What limits recursion is how soon the next push knows top and the next
  // allocation knows sp. So both are computed from themselves, not from a frame: taking top from
  // the frame's id instead of adding to it cost 1 ns a level.
  //
  // Inlining. Where frames often meet the edge of a segment, the way off the fast path is taken
  // more than once in four calls, and HotSpot's C2 inlines whatever has at most 325 bytes of
  // bytecode there. Then the fast path is more than 2,500 bytes of machine code and is not inlined
  // itself, or it is, depending on what was compiled first: the commit's recursion took twice as
  // long in one JVM of four. So [#takeSlowly] and [#popOwning] are one long method each, above that
  // size. A test looks at it.
  //
  // Errors. Everything is checked before anything changes. Callers recurse deeply here, so a
  // StackOverflowError may come at any call: methods make their calls first and then store, and
  // SegmentChain records memory before it is used.
  //
  // Sources: the runtime of Go 1.1, stack.c and asm_amd64.s (morestack, lessstack); K. Randall,
  // "Contiguous stacks" (2013), for the hot split; JDK 25, jdk.internal.foreign.BufferStack, for
  // the order that is checked before anything changes.

  /// Frame objects of a new stack; more are made as it gets deeper. Covers the usual nesting.
  private static final int FIRST_FRAMES = 8;

  /// Frame objects that an idle stack of a pool keeps. Covers all but extraordinary recursion.
  private static final int MAX_IDLE_FRAMES = 4096;

  /// An address behind which nothing fits: [#sp] while there is no segment and [#limit] is 0.
  private static final long NOWHERE = 1;

  /// The size up to which copying zeros is faster than filling (512 bytes: 4 ns less).
  private static final int COPIED_ZEROS = 4096;

  private static final MemorySegment ZEROS = Arena.global().allocate(COPIED_ZEROS, 64);

  /// The thread that may use this stack, null once it is closed, or idle in a pool.
  @Nullable Thread owner;

  /// [StackFrame#id] of the innermost frame, plus 1 if it is an arena; 0 if none is open.
  int top;

  /// The first free address of the current segment.
  long sp = NOWHERE;

  /// The end of the current segment, an address.
  private long limit;

  /// The address of what [#takeSlowly] found.
  private long slowStart;

  /// The index of the current segment, -1 before there is one.
  private int current = -1;

  /// By index; the array of [#chain]. There is no field for the current one: storing it at every
  /// split, in an object that is old, takes a memory fence of the collector's barrier.
  private MemorySegment[] memories;

  /// By depth; the first is never used.
  StackFrame[] frames;

  final SegmentChain chain;
  final boolean zeroOnAllocate;
  final boolean zeroArenas;
  private final int frameFlags;

  StackCore(StackAllocator allocator, StackSettings settings, boolean pooled) {
    Zeroing zeroing = allocator.options().zeroing();
    this.zeroOnAllocate = zeroing == Zeroing.ON_ALLOCATE;
    this.zeroArenas = settings.zeroArenas() || zeroOnAllocate;
    this.frameFlags = zeroing == Zeroing.ON_FREE ? StackFrame.ZERO_ON_CLOSE : 0;
    this.chain = new SegmentChain(allocator, settings);
    this.memories = chain.memories();
    this.frames = new StackFrame[0];
    growFrames(FIRST_FRAMES);
    if (pooled) {
      frames[1].flags |= StackFrame.HAND_BACK;
    }
  }

  final void growFrames(int length) {
    StackFrame[] grown = Arrays.copyOf(frames, length);
    for (int depth = frames.length; depth < length; depth++) {
      grown[depth] = new StackFrame(this, depth, frameFlags);
    }
    frames = grown;
  }

  /// Allocates for the innermost frame; the caller has checked that `frame` is it.
  final MemorySegment take(StackFrame frame, long byteSize, long byteAlignment) {
    long start = (sp + byteAlignment - 1) & -byteAlignment;
    MemorySegment source;
    // a huge alignment makes the difference negative, a huge size is larger; nothing overflows
    if (byteSize < 0
        || byteAlignment <= 0
        || (byteAlignment & (byteAlignment - 1)) != 0
        || byteSize > limit - start) {
      source = takeSlowly(frame, byteSize, byteAlignment);
      start = slowStart;
    } else {
      source = memories[current];
      sp = start + byteSize;
    }
    return source.asSlice(start - source.address(), byteSize);
  }

  /// Finds memory beyond the current segment. Leaves its address in [#slowStart] and moves [#sp]
  /// behind the allocation.
  private MemorySegment takeSlowly(StackFrame frame, long byteSize, long byteAlignment) {
    if (byteSize < 0) {
      throw new IllegalArgumentException("byteSize: %d (must be >= 0)".formatted(byteSize));
    }
    if (Long.bitCount(byteAlignment) != 1 || byteAlignment < 0) {
      throw new IllegalArgumentException(
          "byteAlignment: %d (must be a power of two)".formatted(byteAlignment));
    }
    int most = chain.segmentSize;
    // in any fresh segment, wherever that lies
    if (byteSize > most
        || byteAlignment > most
        || byteSize + SegmentChain.slack(byteAlignment) > most) {
      int mark = chain.largeCount();
      MemorySegment large = chain.large(byteSize, byteAlignment, current, frame.depth);
      slowStart = large.address();
      if ((frame.flags & StackFrame.TOOK_LARGE) == 0) {
        frame.largeMark = mark;
        frame.flags |= StackFrame.TOOK_LARGE;
      }
      return large;
    }
    int mark = current;
    MemorySegment fresh = chain.prepare(mark + 1, frame.depth);
    if (memories.length <= mark + 1) {
      memories = chain.memories();
    }
    long base = fresh.address();
    long start = (base + byteAlignment - 1) & -byteAlignment;
    if (mark < 0) {
      // the first segment stays with the stack: it is no frame's
      for (int depth = frame.depth; depth > 0; depth--) {
        frames[depth].start = base;
      }
    } else if ((frame.flags & StackFrame.TOOK_SEGMENT) == 0) {
      frame.segmentMark = mark;
      frame.flags |= StackFrame.TOOK_SEGMENT;
    }
    current = mark + 1;
    limit = base + chain.segmentSize;
    slowStart = start;
    sp = start + byteSize;
    return fresh;
  }

  /// Fills memory with zeros.
  static MemorySegment clear(MemorySegment memory) {
    if (memory.byteSize() <= COPIED_ZEROS) {
      MemorySegment.copy(ZEROS, 0, memory, 0, memory.byteSize());
      return memory;
    }
    return memory.fill((byte) 0);
  }

  /// Closes the innermost frame; the caller has checked that `frame` is it.
  final void pop(StackFrame frame) {
    if (frame.flags != 0) {
      popOwning(frame);
    } else {
      sp = frame.start;
      top = frame.below;
    }
  }

  /// Closes the innermost frame where that takes more than restoring two fields.
  private void popOwning(StackFrame frame) {
    int flags = frame.flags;
    if ((flags & StackFrame.ZERO_ON_CLOSE) != 0 && frame.start != NOWHERE) {
      // as far as the stack keeps it: what goes back to the allocator is the allocator's to clear
      boolean split = (flags & StackFrame.TOOK_SEGMENT) != 0;
      MemorySegment before = memories[split ? frame.segmentMark : current];
      long from = frame.start - before.address();
      long to = split ? chain.segmentSize : sp - before.address();
      clear(before.asSlice(from, to - from));
      if (split && chain.surplusAllowed != 0) {
        clear(memories[frame.segmentMark + 1]);
      }
    }
    if ((flags & StackFrame.TOOK_SEGMENT) != 0) {
      long base = memories[frame.segmentMark].address();
      current = frame.segmentMark;
      limit = base + chain.segmentSize;
    }
    sp = frame.start;
    top = frame.below;
    frame.flags = flags & ~StackFrame.OWNING;
    int surplus = chain.surplusAllowed;
    if (frame.below == 0) {
      surplus = 0;
    } else if ((flags & StackFrame.TOOK_SEGMENT) != 0) {
      // whoever closes the outermost frame gives the spare back
      frames[1].flags |= StackFrame.SPARE_ABOVE;
    }
    RuntimeException failure = null;
    if ((flags & StackFrame.TOOK_LARGE) != 0) {
      failure = chain.dropLarges(frame.largeMark, null);
    }
    if (chain.held > current + 1 + surplus) {
      failure = chain.trim(current + 1 + surplus, failure);
    }
    if ((flags & StackFrame.HAND_BACK) != 0) {
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
    for (int depth = top >>> 1; depth > 0; depth--) {
      frames[depth].flags &= ~StackFrame.OWNING;
      frames[depth].arena = 0;
    }
    top = 0;
    return releaseSegments(chain.dropLarges(0, null));
  }

  private @Nullable RuntimeException releaseSegments(@Nullable RuntimeException failure) {
    sp = NOWHERE;
    limit = 0;
    current = -1;
    return chain.trim(0, failure);
  }

  /// Gets ready to be idle in a pool. A failure to give back means that the allocator is closed and
  /// has the memory already.
  final void rest(boolean keepBase) {
    if (!keepBase) {
      RuntimeException _ = releaseSegments(null);
    }
    if (frames.length > MAX_IDLE_FRAMES) {
      frames = Arrays.copyOf(frames, MAX_IDLE_FRAMES);
    }
  }

  /// Hands this stack back to its pool if no frame is open.
  abstract void handBackIfIdle();

  /// Explains why a frame was refused; called when it is known to be wrong.
  ///
  /// @param frame what was used
  /// @param depth its depth
  /// @param open false if it is known to be closed
  /// @param verb what it was to do
  /// @return what to throw
  final RuntimeException refuse(Object frame, int depth, boolean open, String verb) {
    Thread now = owner;
    if (now != null && now != Thread.currentThread()) {
      return wrongThread(now);
    }
    int innermost = top >>> 1;
    if (now == null || !open || depth >= innermost) {
      return new IllegalStateException(join(frame, " is closed: it cannot ", verb));
    }
    return new IllegalStateException(
        join(
            frame,
            " cannot ",
            verb,
            (top & 1) == 0 ? ": the frame" : ": the arena",
            " at depth ",
            innermost,
            " is open on top of it; close frames in reverse order, innermost first"));
  }

  static WrongThreadException wrongThread(Thread owner) {
    return new WrongThreadException(
        join(
            "this stack belongs to ",
            owner,
            ", not to ",
            Thread.currentThread(),
            "; make one for each thread"));
  }

  /// Makes a message. Frames are refused while a StackOverflowError unwinds, too, and then the
  /// first use of a formatter would leave its classes unusable in this JVM for good.
  private static String join(Object... parts) {
    StringBuilder message = new StringBuilder();
    for (Object part : parts) {
      message.append(part);
    }
    return message.toString();
  }
}
