package io.stackkit.api.segmented;

import io.stackkit.api.internal.MountedLock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The part of a [StackPool] that serves the threads whose ids meet here: a home stack that they
/// borrow one after the other, and, while one thread has it, others from a table under a lock.
///
/// | field | read | written | by |
/// |---|---|---|---|
/// | `SegmentedStack.owner` of the home stack | plain, to compare with the reader | CAS from null, volatile to null | whoever borrows it |
/// | `home` | acquire | release, once | under the lock |
/// | `others` | volatile | volatile | under the lock |
/// | `table`, `idle` | plain | plain | under the lock |
///
/// A thread that has a stack in the table finds `others` above zero, because its own stack counts;
/// so nobody takes the home stack while they have another.
///
/// Under the lock segments may go back to the allocator, which for large ones may have to wait for
/// the cache that keeps them. So virtual threads that wait for the lock let others run.
final class PoolSlot {

  private static final VarHandle OWNER;
  private static final VarHandle HOME;

  static {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    try {
      OWNER = lookup.findVarHandle(StackCore.class, "owner", Thread.class);
      HOME = lookup.findVarHandle(PoolSlot.class, "home", SegmentedStack.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final StackPool pool;
  private final MountedLock lock = new MountedLock();
  private final StackTable table = new StackTable();
  private final List<SegmentedStack> idle = new ArrayList<>();
  private @Nullable SegmentedStack home;
  private volatile int others; // written under the lock only

  PoolSlot(StackPool pool) {
    this.pool = pool;
  }

  /// Finds the stack that the thread has borrowed, or lends it one.
  SegmentedStack enter(Thread thread) {
    SegmentedStack stack = (SegmentedStack) HOME.getAcquire(this);
    if (stack == null) {
      return enterSlowly(thread);
    }
    if (stack.owner == thread) {
      return stack;
    }
    if (others == 0 && claim(stack, null, thread)) {
      lend(stack, thread);
      return stack;
    }
    return enterSlowly(thread);
  }

  private SegmentedStack enterSlowly(Thread thread) {
    lock.lock();
    try {
      SegmentedStack stack = table.find(thread);
      if (stack != null) {
        return stack;
      }
      stack = home;
      if (stack == null) {
        stack = create();
        HOME.setRelease(this, stack);
      } else if (!claimHome(stack, thread)) {
        return lendOther(thread);
      }
      lend(stack, thread);
      return stack;
    } finally {
      lock.unlock();
    }
  }

  /// Takes the home stack if nobody has it, or if whoever has it died with a frame open.
  private static boolean claimHome(SegmentedStack stack, Thread thread) {
    Thread owner = (Thread) OWNER.getAcquire((StackCore) stack);
    if (owner == null) {
      return claim(stack, null, thread);
    }
    if (owner.isAlive() || !claim(stack, owner, thread)) {
      return false;
    }
    stack.abandon();
    return true;
  }

  private static boolean claim(StackCore stack, @Nullable Thread from, Thread to) {
    return OWNER.compareAndSet(stack, from, to);
  }

  /// Volatile, not release: whether the pool is closed must be asked after it, or a close that runs
  /// meanwhile might find the stack borrowed and be overlooked as well.
  private static void giveUp(StackCore stack) {
    OWNER.setVolatile(stack, (Thread) null);
  }

  /// Gives the home stack up, and closes it if the pool was closed while somebody had it.
  private void giveUpHome(SegmentedStack stack) {
    giveUp(stack);
    if (pool.isClosed()) {
      closeHome();
    }
  }

  private SegmentedStack create() {
    return new SegmentedStack(pool.allocator(), pool.settings(), this);
  }

  private void lend(SegmentedStack stack, Thread thread) {
    try {
      pool.checkOpen();
      stack.adopt(thread.threadId());
    } catch (Throwable e) {
      giveUpHome(stack);
      throw e;
    }
  }

  private SegmentedStack lendOther(Thread thread) {
    pool.checkOpen();
    SegmentedStack stack = idle.isEmpty() ? create() : idle.getLast();
    stack.adopt(thread.threadId());
    stack.owner = thread;
    table.add(stack, this::bury);
    addOthers(1);
    if (!idle.isEmpty()) {
      idle.removeLast();
    }
    return stack;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
  private void addOthers(int change) {
    others += change;
  }

  /// Takes a stack whose owner died, and which holds nothing any more, out of use.
  private void bury(SegmentedStack dead) {
    dead.owner = null;
    addOthers(-1);
    idle.add(dead);
  }

  /// Takes a stack back whose outermost frame has just closed.
  void handBack(SegmentedStack stack) {
    if (stack == HOME.getAcquire(this)) {
      stack.rest(pool.keepsBase());
      giveUpHome(stack);
      return;
    }
    stack.rest(false);
    lock.lock();
    try {
      table.remove(stack);
      addOthers(-1);
      stack.owner = null;
      if (pool.isClosed()) {
        stack.abandon();
      } else {
        idle.add(stack);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Gives back what idle stacks hold, and those whose owners died; the pool is closed. Stacks that
  /// are borrowed follow when they come back.
  void closeIdle() {
    closeHome();
    lock.lock();
    try {
      table.removeDead(this::bury);
      idle.forEach(SegmentedStack::abandon);
      idle.clear();
    } finally {
      lock.unlock();
    }
  }

  private void closeHome() {
    SegmentedStack stack = (SegmentedStack) HOME.getAcquire(this);
    if (stack == null) {
      return;
    }
    // volatile, as giveUp(): whoever is seen to have it sees the pool closed when they give it up
    Thread owner = (Thread) OWNER.getVolatile((StackCore) stack);
    boolean borrowed = owner != null && owner.isAlive();
    if (!borrowed && claim(stack, owner, Thread.currentThread())) {
      try {
        stack.abandon();
      } finally {
        giveUp(stack);
      }
    }
  }

  /// Returns how many stacks there are.
  int stacks() {
    lock.lock();
    try {
      return (home == null ? 0 : 1) + table.size() + idle.size();
    } finally {
      lock.unlock();
    }
  }
}
