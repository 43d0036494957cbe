package io.stackkit.api.segmented;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/// A frame of a [SegmentedStack]: scratch memory from [SegmentedStack#push()] to [#close()], for
/// one thread.
///
/// ```java
/// try (StackFrame frame = stack.push()) {
///   MemorySegment time = frame.allocate(TIMESPEC);
///   MemorySegment path = frame.allocateFrom("a.txt");
///   ...
/// }
/// ```
///
/// Every method of [SegmentAllocator] works, for any size and alignment. Memory is *not* zeroed
/// unless the allocator's `zeroing` option says so; use [SegmentedStack#pushArena()] for memory
/// that is zeroed and becomes inaccessible.
///
/// ### What is checked
///
/// Only the innermost open frame allocates and closes, and only in the thread that the stack
/// belongs to. Everything else is refused before anything changes. Two mistakes cannot be found,
/// because they would cost what the stack saves:
/// - Frame objects are used again, one for each depth. A handle that is kept after its close is
///   refused as long as its depth is not open again; then it *is* the new frame of that depth.
/// - Memory of a closed frame stays accessible; it is the memory of later frames, or of other users
///   of the allocator.
public final class StackFrame implements SegmentAllocator, AutoCloseable {

  /// The frame took a segment, so [#segmentMark] is valid.
  static final int TOOK_SEGMENT = 1;

  /// The frame took a large segment, so [#largeMark] is valid.
  static final int TOOK_LARGE = 2;

  /// A spare segment was kept above this frame, which is the outermost one.
  static final int SPARE_ABOVE = 4;

  /// The flags that end with the frame.
  static final int OWNING = TOOK_SEGMENT | TOOK_LARGE | SPARE_ABOVE;

  /// Memory is filled with zeros when the frame closes. Stays set.
  static final int ZERO_ON_CLOSE = 8;

  /// The stack goes back to its pool when the frame closes. Stays set.
  static final int HAND_BACK = 16;

  final StackCore stack;

  /// The number of frames open while this one is the innermost.
  final int depth;

  /// What [SegmentedStack#top] is while this is the innermost frame.
  final int id;

  /// What [SegmentedStack#top] was when this frame was pushed.
  int below;

  /// Why closing needs more than restoring two fields; 0 on the fast path.
  int flags;

  /// The address that was free when this frame was pushed.
  long start;

  /// The segment that was current when this frame took its first one.
  int segmentMark;

  /// The large segments that were held when this frame took its first one.
  int largeMark;

  /// The serial number of the arena that has this frame, 0 if it is a plain one.
  long arena;

  StackFrame(StackCore stack, int depth, int flags) {
    this.stack = stack;
    this.depth = depth;
    this.id = depth << 1;
    this.flags = flags;
  }

  /// Allocates memory that is the caller's until this frame closes. It is not zeroed.
  ///
  /// @param byteSize bytes, 0 or more; what does not fit into a segment of the allocator gets a
  ///   large one
  /// @param byteAlignment a power of two, in bytes
  /// @return memory of exactly that size
  /// @throws IllegalArgumentException if the size is negative or the alignment is not a power of
  ///   two
  /// @throws IllegalStateException if this frame is closed, or another one is open on top of it
  /// @throws WrongThreadException if the stack belongs to another thread
  /// @throws StackLimitException if the stack would hold more than its limit
  /// @throws io.stackkit.api.StackExhaustedException if the allocator has no more memory
  @Override
  public MemorySegment allocate(long byteSize, long byteAlignment) {
    StackCore s = stack;
    if (Thread.currentThread() != s.owner || s.top != id) {
      throw refuse("allocate");
    }
    MemorySegment memory = s.take(this, byteSize, byteAlignment);
    return s.zeroOnAllocate ? StackCore.clear(memory) : memory;
  }

  /// Closes this frame: what it allocated is free for the next one, segments beyond the spare go
  /// back to the allocator.
  ///
  /// @throws IllegalStateException if this frame is closed, or another one is open on top of it;
  ///   nothing has changed then. Also if the allocator was closed meanwhile; the frame is closed
  ///   then
  /// @throws WrongThreadException if the stack belongs to another thread
  @Override
  public void close() {
    StackCore s = stack;
    if (Thread.currentThread() != s.owner || s.top != id) {
      throw refuse("be closed");
    }
    s.pop(this);
  }

  private RuntimeException refuse(String verb) {
    // at the depth of an open arena there is no plain frame
    return stack.refuse(this, depth, arena == 0, verb);
  }

  /// Returns how many frames are open while this one is the innermost.
  ///
  /// @return 1 for the outermost frame
  public int depth() {
    return depth;
  }

  @Override
  public String toString() {
    return "frame at depth ".concat(Integer.toString(depth));
  }
}
