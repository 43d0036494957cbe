package io.stackkit.api.spi;

import static io.stackkit.api.spi.Machine.EMPTY;

import java.util.function.IntUnaryOperator;

/// Takes free segments out of Ms, for others or for the system. Guarded by the reserve's lock.
///
/// Between an M and the depot segments are in an [IndexBag] only. So there is room in the bag
/// before an M is emptied, and whatever error comes, what is in the bag goes to the depot.
final class Reach<M extends Machine> {

  /// How often to try the lock of an M.
  private static final int LOOKS = 100;

  private final MachineAllocator<M> allocator;
  private final MachineRegistry<M> registry;
  private final Depot depot;
  private final int batch;

  Reach(MachineAllocator<M> allocator, MachineRegistry<M> registry, Depot depot, int batch) {
    this.allocator = allocator;
    this.registry = registry;
    this.depot = depot;
    this.batch = batch;
  }

  /// Makes an empty bag that can hold every segment there is.
  IndexBag bag() {
    return new IndexBag(allocator.segments.length);
  }

  /// Takes free segments of threads that have died to where they are wanted, and what has come home
  /// to them.
  ///
  /// @return whether there is anything now
  boolean takeBackFromDead(int home) {
    IndexBag bag = bag();
    try {
      registry.forEachDead(
          false,
          machine -> {
            drain(machine, bag);
            inherit(machine.id(), home);
          });
    } finally {
      restock(bag, first -> home);
    }
    return depot.hasAny(home);
  }

  private void inherit(int from, int home) {
    int first = depot.popHome(from, Integer.MAX_VALUE);
    if (first != EMPTY) {
      depot.push(home, first);
    }
  }

  /// Takes into the depot what [#drainAll(IndexBag)] finds.
  ///
  /// @return whether there was anything
  boolean takeBackAll(int home) {
    IndexBag bag = bag();
    try {
      drainAll(bag);
    } finally {
      restock(bag, first -> home);
    }
    return bag.size() > 0;
  }

  private void drain(M machine, IndexBag bag) {
    bag.ensureRoom(machine.stats().idle());
    allocator.drain(machine, bag);
  }

  /// Takes batches off the shelf of an M that another thread may be using, into the depot.
  ///
  /// @param all whether everything is wanted, not a share
  /// @return whether there were any
  boolean borrow(M machine, boolean all, int home) {
    int first = allocator.lend(machine, all);
    if (first == EMPTY) {
      return false;
    }
    depot.push(home, first);
    return true;
  }

  /// Takes the free segments out of every M that can be reached: those of dead threads, those that
  /// virtual threads share, the caller's own; where there is a limit, all.
  void drainAll(IndexBag bag) {
    Thread current = Thread.currentThread();
    registry.forEachDead(true, machine -> drain(machine, bag));
    for (M machine : registry.all()) {
      if (allocator.locked() || registry.isShared(machine.id())) {
        drainLocked(machine, current, bag);
      } else if (machine.owner == current) {
        drain(machine, bag);
      } else {
        borrow(machine, true, 0);
      }
    }
  }

  private void drainLocked(M machine, Thread current, IndexBag bag) {
    for (int attempt = 0; attempt < LOOKS; attempt++) {
      if (machine.tryLock(current)) {
        try {
          drain(machine, bag);
        } finally {
          machine.unlock();
        }
        return;
      }
      Thread.onSpinWait();
    }
  }

  /// Puts segments into the depot in batches.
  ///
  /// @param home where to, by the first segment
  void restock(IndexBag bag, IntUnaryOperator home) {
    for (int from = 0; from < bag.size(); from += batch) {
      int to = Math.min(from + batch, bag.size());
      int first = EMPTY;
      for (int i = to - 1; i >= from; i--) {
        depot.setNext(bag.get(i), first);
        first = bag.get(i);
      }
      depot.setCount(first, to - from);
      depot.push(home.applyAsInt(first), first);
    }
  }

  /// Takes all that is in the depot.
  void drainDepot(IndexBag bag) {
    for (int first = depot.pop(0, 1); first != EMPTY; first = depot.pop(0, 1)) {
      try {
        bag.ensureRoom(depot.count(first));
      } catch (OutOfMemoryError e) {
        depot.push(0, first);
        throw e;
      }
      for (int index = first; index != EMPTY; index = depot.next(index)) {
        bag.accept(index);
      }
    }
  }
}
