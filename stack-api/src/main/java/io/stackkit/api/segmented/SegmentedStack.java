package io.stackkit.api.segmented;

import io.stackkit.api.MemoryLease;
import io.stackkit.api.StackAllocator;
import java.lang.foreign.Arena;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A stack of off-heap scratch memory that grows by segments of a [StackAllocator] and gives them
/// back.
///
/// ```java
/// try (SegmentedStack stack = SegmentedStack.on(allocator)) {
///   try (StackFrame frame = stack.push()) {
///     MemorySegment point = frame.allocate(POINT);
///   }
/// }
/// ```
///
/// Frames nest to any depth and hold any number of allocations, each up to the allocator's largest
/// segment (1 TiB), as long as there is memory. A stack that has no open frame holds one segment at
/// most.
///
/// ### Which segment size
///
/// One that most calls, with all that they call, fit into: then a stack never needs a second
/// segment. A stack that needs one takes it and gives it back each time it gets that deep: ten
/// frames of 512 bytes take half as long with segments of 64 KiB as with 4 KiB (the benchmarks'
/// `--workload frames10 --allocators cached,segmentSize=64k cached`). The price is memory: an
/// allocator takes `batchSize` segments from the system at once, and the JDK clears them, so that
/// all of it is resident: a megabyte with segments of 64 KiB unless `batchSize` is lower.
///
/// ### Threads
///
/// A stack belongs to the thread that made it, platform or virtual. Another thread's call is
/// refused with a [WrongThreadException]. A virtual thread that moves to another carrier is the
/// same thread.
///
/// ### Stack overflow
///
/// A [StackOverflowError] that passes through frames may leave them open (see [StackFrame]).
/// [#close()] closes the plain ones, but refuses if an arena is among them: the memory then never
/// goes back, since an open arena keeps it even when the allocator is closed.
@SuppressWarnings("unused") // the padding
public final class SegmentedStack extends StackCore implements AutoCloseable {

  // behind the hot fields, see StackPadding
  private long q0;
  private long q1;
  private long q2;
  private long q3;
  private long q4;
  private long q5;
  private long q6;
  private long q7;

  /// The id of the thread that used this stack last. Ids are never used twice.
  long ownerId;

  /// Taken for the first arena.
  private @Nullable MemoryLease lease;

  private final @Nullable PoolSlot slot;

  SegmentedStack(StackAllocator allocator, StackSettings settings, @Nullable PoolSlot slot) {
    super(allocator, settings, slot != null);
    this.slot = slot;
    this.owner = Thread.currentThread();
    this.ownerId = Thread.currentThread().threadId();
  }

  /// Makes a stack for the calling thread. It takes its first segment when something is allocated.
  ///
  /// @param allocator where segments come from; close it after the stack
  /// @return an empty stack that the caller closes
  /// @throws IllegalStateException if the allocator is closed
  public static SegmentedStack on(StackAllocator allocator) {
    return on(allocator, StackSettings.defaults());
  }

  /// Makes a stack for the calling thread. It takes its first segment when something is allocated.
  ///
  /// @param allocator where segments come from; close it after the stack
  /// @param settings how the stack grows and what it keeps
  /// @return an empty stack that the caller closes
  /// @throws IllegalArgumentException if the stack's `maxBytes` is less than a segment
  /// @throws IllegalStateException if the allocator is closed
  public static SegmentedStack on(StackAllocator allocator, StackSettings settings) {
    return new SegmentedStack(
        Objects.requireNonNull(allocator, "allocator"),
        Objects.requireNonNull(settings, "settings"),
        null);
  }

  /// Opens a frame on top of the innermost one. No memory is taken until something is allocated.
  ///
  /// @return the frame; the caller closes it before any frame below it
  /// @throws IllegalStateException if this stack is closed
  /// @throws WrongThreadException if this stack belongs to another thread
  public StackFrame push() {
    if (Thread.currentThread() != owner) {
      checkUsable();
    }
    long id = next;
    // made before anything changes: there may be no heap for it
    StackFrame frame = new StackFrame(this, id);
    next = id + ONE_PUSH;
    top = id;
    return frame;
  }

  /// Opens a frame that is a real [Arena]: its memory becomes inaccessible when the arena closes,
  /// and is zeroed when allocated unless [StackSettings#zeroArenas()] says otherwise. It nests with
  /// plain frames; only the innermost one allocates and closes. It is for the thread of this stack
  /// alone, like [Arena#ofConfined()].
  ///
  /// From the first arena to the close of this stack the memory of the allocator stays, even if the
  /// allocator is closed: what an open arena handed out is never a danger.
  ///
  /// If a cleanup action that was added to the arena throws, the close throws the same, and the
  /// arena is closed unless the action left a frame open on top of it.
  ///
  /// @return the arena; the caller closes it before any frame below it. Closing it out of order, or
  ///   a second time, throws an [IllegalStateException]
  /// @throws IllegalCallerException if the JVM was started without native access for this module;
  ///   the message says how to grant it
  /// @throws IllegalStateException if this stack is closed, or if this is its first arena and the
  ///   allocator is closed
  /// @throws WrongThreadException if this stack belongs to another thread
  /// @throws UnsupportedOperationException if the allocator gives no [StackAllocator#lease()]
  @SuppressWarnings("MustBeClosedChecker") // the caller closes what it gets
  public Arena pushArena() {
    NativeAccess.require();
    if (Thread.currentThread() != owner) {
      checkUsable();
    }
    if (lease == null) {
      lease = chain.allocator().lease();
    }
    long id = next;
    ArenaFrame frame = new ArenaFrame(this, id, Arena.ofConfined());
    next = id + ONE_PUSH;
    top = id;
    arena = id;
    return frame;
  }

  /// Returns how many frames are open.
  ///
  /// @return 0 for an idle stack
  /// @throws IllegalStateException if this stack is closed
  /// @throws WrongThreadException if this stack belongs to another thread
  public int depth() {
    checkUsable();
    return (int) top;
  }

  /// Returns what this stack holds: the segments of its frames, the spare, and large segments.
  ///
  /// @return bytes
  /// @throws IllegalStateException if this stack is closed
  /// @throws WrongThreadException if this stack belongs to another thread
  public long heldBytes() {
    checkUsable();
    return chain.heldBytes();
  }

  /// Closes this stack and every plain frame that is still open, and gives all memory back. Closing
  /// twice has no effect.
  ///
  /// @throws WrongThreadException if this stack belongs to another thread
  /// @throws IllegalStateException if an arena is open; nothing has changed then. Also if the
  ///   allocator was closed before; this stack is closed then
  @Override
  public void close() {
    if (owner == null) {
      return;
    }
    checkUsable();
    if (arena != 0) {
      throw new IllegalStateException(
          "this stack cannot be closed: the arena at depth %d is open; close arenas first"
              .formatted((int) arena));
    }
    RuntimeException failure = releaseAll();
    owner = null;
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  @Nullable RuntimeException releaseAll() {
    RuntimeException failure = super.releaseAll();
    if (lease != null) {
      lease.close();
      lease = null;
    }
    return failure;
  }

  private void checkUsable() {
    Thread now = owner;
    if (now == null) {
      throw new IllegalStateException("this stack is closed");
    }
    if (now != Thread.currentThread()) {
      throw Refusal.wrongThread(now);
    }
  }

  // ---- for the pool

  /// Makes this stack, just borrowed, the calling thread's.
  void adopt(long threadId) {
    if (ownerId != threadId) {
      chain.adopt();
      ownerId = threadId;
    }
  }

  /// Gives everything back, whatever is open: the owner is dead, or the pool is closed. An arena
  /// that a dead thread left open is no danger, since nobody else has access to its memory. A
  /// failure means that the allocator is closed, and has the memory already.
  void abandon() {
    RuntimeException _ = releaseAll();
  }

  @Override
  void handBackIfIdle() {
    if (top == 0 && slot != null) {
      slot.handBack(this);
    }
  }

  @Override
  public String toString() {
    return "stack of %d frames on %s".formatted((int) top, chain.allocator());
  }
}
