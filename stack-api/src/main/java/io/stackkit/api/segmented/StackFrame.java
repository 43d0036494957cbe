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
/// Every method of [SegmentAllocator] works, for any size and alignment that the allocator has a
/// segment for. Memory is *not* zeroed unless the allocator's `zeroing` option says so; use
/// [SegmentedStack#pushArena()] for memory that is zeroed and becomes inaccessible.
///
/// ### What is checked
///
/// Only the innermost open frame allocates and closes, and only in the thread that the stack
/// belongs to. Everything else is refused before anything changes, a frame that was closed before
/// as well, whatever is open since (as long as that is not the four-billionth push). One mistake
/// cannot be found, because it would cost what the stack saves: memory of a closed frame stays
/// accessible; it is the memory of later frames, or of other users of the allocator.
///
/// ### Stack overflow
///
/// Let no [StackOverflowError] pass through frames. Closing one takes more of the thread's stack
/// than pushing it did; where the error keeps the innermost frame from closing, all frames below it
/// are refused and stay open, in try-with-resources as well. So bound the recursion, or give it a
/// thread of its own, and after such an error close the [SegmentedStack].
///
/// A frame is a small immutable object that the compiler takes apart, so that none is made, where
/// push and close are in one method.
public final class StackFrame implements SegmentAllocator, AutoCloseable {

  private final StackCore stack;

  /// What [StackCore#top] is while this is the innermost frame.
  private final long id;

  /// What it was before.
  private final long below;

  /// What [StackCore#sp] was before.
  private final long start;

  StackFrame(StackCore stack, long id) {
    this.stack = stack;
    this.id = id;
    this.below = stack.top;
    this.start = stack.sp;
  }

  /// Allocates memory that is the caller's until this frame closes. It is not zeroed.
  ///
  /// @param byteSize bytes, 0 or more; what does not fit into a segment of the allocator gets a
  ///   large one
  /// @param byteAlignment a power of two, in bytes
  /// @return memory of exactly that size
  /// @throws IllegalArgumentException if the size is negative or the alignment is not a power of
  ///   two; also if the two come to more than the allocator's largest segment (1 TiB)
  /// @throws IllegalStateException if this frame is closed, or another one is open on top of it;
  ///   also if it needs more memory and the allocator is closed
  /// @throws WrongThreadException if the stack belongs to another thread
  /// @throws StackLimitException if the stack would hold more than its limit, where a large segment
  ///   counts as what the allocator hands out: a request of 600,000 bytes may count as a mebibyte
  /// @throws io.stackkit.api.StackExhaustedException if the allocator has no more memory
  @Override
  public MemorySegment allocate(long byteSize, long byteAlignment) {
    return stack.take(id, byteSize, byteAlignment);
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
    pop();
  }

  /// Apart from [#close()], which must not be longer: see the package's notes on inlining.
  private void pop() {
    stack.pop(id, below, start);
  }

  /// Returns how many frames are open while this one is the innermost.
  ///
  /// @return 1 for the outermost frame
  public int depth() {
    return (int) id;
  }

  @Override
  public String toString() {
    return Refusal.name(id);
  }
}
