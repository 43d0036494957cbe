package io.stackkit.api.spi;

import io.stackkit.api.MemoryLease;
import io.stackkit.api.StackExhaustedException;
import io.stackkit.api.internal.MountedLock;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// The memory that one allocator has from the system, fixed-size and large segments together, and
/// the limit on it.
///
/// The limit is ours because nobody else has one: memory of explicit arenas does not count against
/// `-XX:MaxDirectMemorySize`. Every byte is reserved here before it is asked for, so the limit is
/// never passed, not even for a moment. All methods may be called by any thread.
public final class SystemMemory {

  static {
    // A class whose initialisation is torn by a StackOverflowError can never be used again, so the
    // JDK's classes are not to be met for the first time by someone deep in recursion.
    try (Arena arena = Arena.ofShared()) {
      arena.allocate(1).fill((byte) 0);
    }
  }

  private final long limit;
  private final AtomicLong held = new AtomicLong();

  private final MountedLock lock = new MountedLock();

  // guarded by the lock, under which nothing is released
  private final List<Block> leased = new ArrayList<>();
  private int leases;
  private boolean closing;

  SystemMemory(long limit) {
    this.limit = limit;
  }

  /// Memory and the arena it lives in.
  ///
  /// @param arena what to close to give the memory back
  /// @param memory the memory
  public record Block(Arena arena, MemorySegment memory) {}

  /// Returns what is held.
  ///
  /// @return bytes
  public long held() {
    return held.get();
  }

  /// Returns the limit.
  ///
  /// @return bytes
  public long limit() {
    return limit;
  }

  /// Says whether there is a limit at all.
  boolean limited() {
    return limit != Long.MAX_VALUE;
  }

  /// Reserves as many units as the limit allows.
  ///
  /// @param units how many are wanted
  /// @param unitBytes the size of one
  /// @return how many were reserved, from 0 to `units`
  int reserveUpTo(int units, long unitBytes) {
    while (true) {
      long now = held.get();
      int got = (int) Math.min(units, (limit - now) / unitBytes);
      if (got <= 0 || held.compareAndSet(now, now + got * unitBytes)) {
        return Math.max(got, 0);
      }
    }
  }

  /// Gives a reservation back.
  void unreserve(long bytes) {
    held.addAndGet(-bytes);
  }

  /// Takes reserved memory from the system; if it refuses, the reservation is given back.
  ///
  /// @param bytes what was reserved
  /// @return zeroed memory aligned to 64 bytes, in a shared arena of its own
  /// @throws StackExhaustedException if the system refuses
  @SuppressWarnings("MustBeClosedChecker") // closed by giveBack
  Block obtain(long bytes) {
    Arena arena = null;
    try {
      arena = Arena.ofShared();
      return new Block(arena, arena.allocate(bytes, 64));
    } catch (Throwable e) {
      unreserve(bytes);
      if (arena != null) {
        arena.close();
      }
      if (e instanceof OutOfMemoryError) {
        StackExhaustedException refused =
            new StackExhaustedException(bytes, held.get(), 0, Long.MAX_VALUE);
        refused.initCause(e);
        throw refused;
      }
      throw e;
    }
  }

  /// Keeps what is in use from going back to the system after [#closing()], until the lease ends.
  ///
  /// @throws IllegalStateException if the allocator is closed
  MemoryLease lease() {
    AtomicBoolean ended = new AtomicBoolean();
    lock.lockInner();
    try {
      if (closing) {
        throw new IllegalStateException("the allocator is closed: it gives no lease");
      }
      leases++;
    } finally {
      lock.unlock();
    }
    return () -> {
      if (ended.compareAndSet(false, true)) {
        endLease();
      }
    };
  }

  private void endLease() {
    long freed = 0;
    for (Block block : dropLease()) {
      try {
        release(block);
        freed += block.memory().byteSize();
      } catch (IllegalStateException inUseByNativeCall) {
        // as in a close: nobody is left who could try again
      }
    }
    NativeHeap.trimAfter(freed);
  }

  /// Returns what waits for the last lease.
  ///
  /// @return bytes
  long leasedBytes() {
    lock.lockInner();
    try {
      long bytes = 0;
      for (Block block : leased) {
        bytes += block.memory().byteSize();
      }
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /// Counts a lease less.
  ///
  /// @return what waited for it
  private List<Block> dropLease() {
    lock.lockInner();
    try {
      leases--;
      if (leases > 0 || leased.isEmpty()) {
        return List.of();
      }
      List<Block> waited = List.copyOf(leased);
      leased.clear();
      return waited;
    } finally {
      lock.unlock();
    }
  }

  /// Says that the allocator is closing: what comes back now waits for the last lease.
  void closing() {
    lock.lockInner();
    closing = true;
    lock.unlock();
  }

  /// Gives memory back to the system, or keeps it for the last lease if the allocator is closed.
  ///
  /// @param block what [#obtain(long)] returned
  /// @throws IllegalStateException if a native call is using the memory just now; nothing has
  ///   changed then
  void giveBack(Block block) {
    if (!waitsForLease(block)) {
      release(block);
    }
  }

  private boolean waitsForLease(Block block) {
    lock.lockInner();
    try {
      return closing && leases > 0 && leased.add(block);
    } finally {
      lock.unlock();
    }
  }

  private void release(Block block) {
    long bytes = block.memory().byteSize();
    block.arena().close();
    unreserve(bytes);
  }
}
