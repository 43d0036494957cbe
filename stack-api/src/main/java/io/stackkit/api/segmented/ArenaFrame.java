package io.stackkit.api.segmented;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A frame whose memory dies with it. A confined arena gives the lifetime, the frame of the same
/// depth the memory; the two meet in `reinterpret`, once for each allocation.
///
/// There is a new object for each push, of which nothing keeps hold, so that the compiler can take
/// it apart together with the confined arena. That is why the stack knows an open arena by its
/// serial number only.
final class ArenaFrame implements Arena {

  private final StackCore stack;
  private final StackFrame frame;
  private final Arena lifetime;
  private final long serial;

  ArenaFrame(StackCore stack, StackFrame frame, Arena lifetime, long serial) {
    this.stack = stack;
    this.frame = frame;
    this.lifetime = lifetime;
    this.serial = serial;
  }

  @Override
  @SuppressWarnings("restricted") // NativeAccess was asked
  public MemorySegment allocate(long byteSize, long byteAlignment) {
    StackCore s = stack;
    if (notInnermost(s)) {
      throw refuse("allocate");
    }
    MemorySegment memory = s.take(frame, byteSize, byteAlignment).reinterpret(lifetime, null);
    return s.zeroArenas ? StackCore.clear(memory) : memory;
  }

  @Override
  public MemorySegment.Scope scope() {
    return lifetime.scope();
  }

  @Override
  public void close() {
    StackCore s = stack;
    if (notInnermost(s)) {
      throw refuse("be closed");
    }
    // not alive: an error came between the two halves of an earlier close
    if (lifetime.scope().isAlive()) {
      lifetime.close();
      if (notInnermost(s)) {
        // a cleanup action left a frame open
        throw refuse("be closed");
      }
    }
    frame.arena = 0;
    s.pop(frame);
  }

  private boolean notInnermost(StackCore s) {
    return Thread.currentThread() != s.owner || s.top != (frame.id | 1) || frame.arena != serial;
  }

  private RuntimeException refuse(String verb) {
    return stack.refuse(this, frame.depth, frame.arena == serial, verb);
  }

  @Override
  public String toString() {
    return "arena at depth ".concat(Integer.toString(frame.depth));
  }
}
