package io.stackkit.api.segmented;

import io.stackkit.api.StackAllocator;
import java.lang.foreign.Arena;
import java.util.Objects;

/// "The current stack" of whatever thread asks: one line for scratch memory, and nothing to pass
/// along.
///
/// ```java
/// static final StackPool STACKS = StackPool.on(allocator);
///
/// try (StackFrame frame = STACKS.push()) {
///   ...
/// }
/// ```
///
/// The outermost frame of a thread borrows a stack, which goes back when that frame closes; frames
/// that the same thread opens meanwhile are on the same stack. Nothing is attached to threads,
/// platform or virtual, so nothing is left behind when they end. A thread that knows its stack
/// saves the search: see [SegmentedStack#on(StackAllocator)].
///
/// ### Memory
///
/// There are as many stacks as threads were inside an outermost frame at the same time, and never
/// more than [#slots()] of them hold memory while nobody uses them: one segment each, and only if
/// segments are at most 64 KiB. How large they should be is said at [SegmentedStack].
///
/// ### Threads
///
/// All methods may be called by any thread. A frame belongs to the thread that pushed it.
///
/// A [StackOverflowError] that passes through frames may leave them open (see [StackFrame]): the
/// thread keeps its stack then, with these frames at the bottom, until it dies. Bound recursions,
/// or give them a thread of their own.
public final class StackPool implements AutoCloseable {

  // HOW IT WORKS
  //
  // A thread's id chooses a slot, and a slot has a home stack whose owner field tells who has it.
  // If it is the caller, the frame is nested; if it is nobody, a compare-and-set makes it the
  // caller's. So a nested push costs a few loads and a compare more than on a stack that one
  // holds, and an outermost one a compare-and-set and a fence. A ThreadLocal would save the two,
  // and keep a stack alive for each thread that ever came by. The same thread finds the same stack
  // again, with its segment warm and its view of the allocator still right.
  //
  // Ids are handed out in sequence, so threads that live together seldom meet in a slot. Those
  // that do share it through a table under a lock (PoolSlot): slower, never wrong, and what they
  // used is given back at once.
  //
  // A thread that dies inside a frame keeps its stack until another one needs the slot and sees
  // that it is dead, or until the pool is closed.

  /// Slots for each processor. Threads inside a frame seldom are more than run; the rest keeps
  /// collisions rare.
  private static final int SLOTS_PER_PROCESSOR = 8;

  private static final int MIN_SLOTS = 16;

  /// So that a large machine keeps no more than a megabyte of 4 KiB segments, 16 of 64 KiB.
  private static final int MAX_SLOTS = 256;

  /// Idle stacks keep no larger segment than this, for the same reason.
  private static final int MAX_KEPT_SEGMENT = 64 << 10;

  private final StackAllocator allocator;
  private final StackSettings settings;
  private final PoolSlot[] slots;
  private final boolean keepsBase;
  private volatile boolean closed;

  private StackPool(StackAllocator allocator, StackSettings settings) {
    this.allocator = allocator;
    this.settings = settings;
    this.keepsBase = allocator.options().segmentSize() <= MAX_KEPT_SEGMENT;
    int wanted = Runtime.getRuntime().availableProcessors() * SLOTS_PER_PROCESSOR;
    int length = Integer.highestOneBit(Math.clamp(wanted, MIN_SLOTS, MAX_SLOTS) * 2 - 1);
    this.slots = new PoolSlot[length];
    for (int i = 0; i < length; i++) {
      slots[i] = new PoolSlot(this);
    }
  }

  /// Makes a pool of stacks.
  ///
  /// @param allocator where segments come from; close the pool before it
  /// @return a pool that the caller closes, or keeps for ever
  public static StackPool on(StackAllocator allocator) {
    return on(allocator, StackSettings.defaults());
  }

  /// Makes a pool of stacks.
  ///
  /// @param allocator where segments come from; close the pool before it
  /// @param settings how each stack grows and what it keeps
  /// @return a pool that the caller closes, or keeps for ever
  /// @throws IllegalArgumentException if the stacks' `maxBytes` is less than a segment
  public static StackPool on(StackAllocator allocator, StackSettings settings) {
    Objects.requireNonNull(allocator, "allocator");
    Objects.requireNonNull(settings, "settings").checkAgainst(allocator.options().segmentSize());
    return new StackPool(allocator, settings);
  }

  /// Opens a frame on the calling thread's current stack, as [SegmentedStack#push()].
  ///
  /// @return the frame; the caller closes it before any frame below it
  /// @throws IllegalStateException if this pool is closed and the thread has no frame open. If the
  ///   allocator is closed, this is thrown here, or else by the first allocation that needs memory
  ///   which the stack does not hold; what it holds is dead then, and an access throws, unless
  ///   arenas keep it: see [SegmentedStack#pushArena()]
  public StackFrame push() {
    SegmentedStack stack = current();
    try {
      return stack.push();
    } catch (Throwable e) {
      throw undo(stack, e);
    }
  }

  /// Opens an arena on the calling thread's current stack, as [SegmentedStack#pushArena()].
  ///
  /// @return the arena; the caller closes it before any frame below it
  /// @throws IllegalCallerException if the JVM was started without native access for this module
  /// @throws UnsupportedOperationException if the allocator cannot promise that memory stays while
  ///   an arena is open
  /// @throws IllegalStateException if this pool is closed and the thread has no frame open. If the
  ///   allocator is closed, this is thrown here, or else by the first allocation that needs memory
  ///   which the stack does not hold; what it holds stays then
  public Arena pushArena() {
    NativeAccess.require();
    SegmentedStack stack = current();
    try {
      return stack.pushArena();
    } catch (Throwable e) {
      throw undo(stack, e);
    }
  }

  private SegmentedStack current() {
    Thread thread = Thread.currentThread();
    return slots[(int) thread.threadId() & (slots.length - 1)].enter(thread);
  }

  /// Hands a stack back on which the outermost frame could not be opened.
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> RuntimeException undo(SegmentedStack stack, Throwable e)
      throws E {
    stack.handBackIfIdle();
    throw (E) e;
  }

  /// Returns how many idle stacks may hold a segment.
  ///
  /// @return a constant of this machine
  public int slots() {
    return slots.length;
  }

  /// Returns how many stacks there are, borrowed and idle. For supervision; it takes locks.
  ///
  /// @return stacks
  public int stacks() {
    int stacks = 0;
    for (PoolSlot slot : slots) {
      stacks += slot.stacks();
    }
    return stacks;
  }

  /// Closes this pool: idle stacks give their memory back now, and those whose threads died with a
  /// frame open; borrowed ones when their outermost frame closes. If a thread dies with a frame
  /// open after that, its stack keeps its memory until this is called again, which has no other
  /// effect.
  @Override
  public void close() {
    closed = true;
    for (PoolSlot slot : slots) {
      slot.closeIdle();
    }
  }

  StackAllocator allocator() {
    return allocator;
  }

  StackSettings settings() {
    return settings;
  }

  boolean keepsBase() {
    return keepsBase;
  }

  boolean isClosed() {
    return closed;
  }

  void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this pool of stacks is closed");
    }
  }

  @Override
  public String toString() {
    return "pool of stacks on " + allocator;
  }
}
