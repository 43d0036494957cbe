package io.stackkit.api.segmented;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A frame whose memory dies with it. A confined arena gives the lifetime, the stack the memory;
/// the two meet in `reinterpret`, once for each allocation.
///
/// A value, as [StackFrame]: the compiler takes it apart together with the confined arena.
final class ArenaFrame implements Arena {

  private final StackCore stack;

  /// What [StackCore#top] is while this is the innermost frame.
  private final long id;

  /// What it was before.
  private final long below;

  /// What [StackCore#sp] was before.
  private final long start;

  /// What [StackCore#arena] was before.
  private final long arenaBelow;

  private final Arena lifetime;

  ArenaFrame(StackCore stack, long id, Arena lifetime) {
    this.stack = stack;
    this.id = id;
    this.below = stack.top;
    this.start = stack.sp;
    this.arenaBelow = stack.arena;
    this.lifetime = lifetime;
  }

  @Override
  @SuppressWarnings("restricted") // NativeAccess was asked
  public MemorySegment allocate(long byteSize, long byteAlignment) {
    StackCore s = stack;
    if (s.refuses(id)) {
      throw refuse("allocate");
    }
    MemorySegment memory = s.take((int) id, byteSize, byteAlignment).reinterpret(lifetime, null);
    return s.zeroArenas ? Zeros.clear(memory) : memory;
  }

  @Override
  public MemorySegment.Scope scope() {
    return lifetime.scope();
  }

  @Override
  public void close() {
    StackCore s = stack;
    if (s.refuses(id)) {
      throw refuse("be closed");
    }
    // not alive: an error came between the two halves of an earlier close
    if (lifetime.scope().isAlive()) {
      try {
        lifetime.close();
      } catch (Throwable e) {
        popAfter(e);
        throw e;
      }
      if (s.refuses(id)) {
        // a cleanup action left a frame open
        throw refuse("be closed");
      }
    }
    s.arena = arenaBelow;
    s.pop(below, start);
  }

  /// A cleanup action failed: the lifetime may be over all the same, and try-with-resources closes
  /// only once. Apart from [#close()], which is to be short.
  private void popAfter(Throwable failure) {
    StackCore s = stack;
    if (lifetime.scope().isAlive() || s.refuses(id)) {
      return;
    }
    s.arena = arenaBelow;
    try {
      s.pop(below, start);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private RuntimeException refuse(String verb) {
    return Refusal.of(stack, this, (int) id, verb);
  }

  @Override
  public String toString() {
    return "arena at depth ".concat(Integer.toString((int) id));
  }
}
