package io.stackkit.api.spi;

import io.stackkit.api.internal.MountedLock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// All Ms of an allocator (Go: `allm`), and which thread has which.
///
/// ### Platform threads
///
/// A platform thread has an M of its own, found in a hash table from thread id to M. Thread ids are
/// handed out one after another, so `id & mask` rarely collides, and the table is checked by
/// comparing the M's owner with the calling thread, which needs no memory ordering: only the thread
/// itself ever writes itself there. Compared with a `ThreadLocal`, a pair of allocate and free
/// takes 3.1 ns instead of 5.5, and nothing of the allocator stays behind in a thread.
///
/// ### An M outlives its thread
///
/// A thread that needs an M first looks for one whose owner has died, and takes it up with its warm
/// cache and its counts, as Go's scheduler does with idle Ms. `isAlive()` returning false orders
/// all that the dead thread wrote before what the new owner reads (Java Language Specification
/// 17.4.4). No Cleaner could do this: off-heap work makes no garbage, so no collection comes.
///
/// Looking costs at most [#PROBES] calls of `isAlive()` per new thread, going round all Ms, and
/// every dead M seen on the way is kept for the next thread. Up to [#PROBES] Ms that finds every
/// dead one, so there are never more Ms than threads were alive at once; with more, when threads
/// come and go one by one, some 1/[#PROBES] more.
///
/// ### Virtual threads
///
/// They come by the hundred thousand, so they own nothing: they share a fixed set of Ms, each under
/// a try-lock. A virtual thread that finds one taken tries the next. Nothing under such a lock
/// blocks or yields, so each holder has a carrier. There are more Ms than carriers, unless the JVM
/// was told to have more than two per processor; then a thread may have to spin for a while.
final class MachineRegistry<M extends Machine> {

  /// Ms looked at for each new thread: dear enough to find the dead, cheap (some 200 ns) beside
  /// starting a thread.
  static final int PROBES = 64;

  /// How far from its place a thread's entry may lie before the table grows.
  private static final int REACH = 8;

  private final IntFunction<M> factory;
  private final M[] shared;
  private final MountedLock lock = new MountedLock();

  // guarded by lock, all but the reading of table and all
  private final ArrayDeque<M> dead = new ArrayDeque<>();
  private int cursor;

  /// Where [#findAny(Predicate)] was last.
  private int probe;

  private boolean closed;
  private @Nullable Machine[] table = new Machine[64];

  // written under the lock, the array before the count; read by anyone, who never waits
  private volatile M[] owned;
  private volatile int ownedCount;

  @SuppressWarnings("unchecked")
  MachineRegistry(IntFunction<M> factory) {
    // twice the processors: a holder that loses its processor then seldom stands in another's way
    int sharedMachines =
        MachineAllocator.powerOfTwo(2 * Runtime.getRuntime().availableProcessors());
    this.factory = factory;
    this.shared = (M[]) new Machine[sharedMachines];
    this.owned = (M[]) new Machine[16];
    for (int i = 0; i < sharedMachines; i++) {
      shared[i] = factory.apply(i);
    }
  }

  /// The table from thread to M, for the hot path; replaced when it grows and when the allocator
  /// closes.
  @Nullable Machine[] table() {
    return table;
  }

  /// Every M, the shared ones first. Any thread may ask.
  List<M> all() {
    // the count first: the array that is read after it has at least as many
    int count = ownedCount;
    List<M> all = new ArrayList<>(List.of(shared));
    all.addAll(Arrays.asList(owned).subList(0, count));
    return all;
  }

  /// How many Ms threads have had.
  int used() {
    int used = ownedCount;
    for (M machine : shared) {
      used += machine.used() ? 1 : 0;
    }
    return used;
  }

  /// Says whether virtual threads share the M of an id.
  boolean isShared(int id) {
    return id < shared.length;
  }

  /// Finds the calling platform thread's M without making one.
  @SuppressWarnings("unchecked")
  @Nullable M find(Thread current) {
    @Nullable Machine[] now = table;
    for (int i = 0; i < REACH; i++) {
      Machine machine = now[((int) current.threadId() + i) & (now.length - 1)];
      if (machine != null && machine.owner == current) {
        return (M) machine;
      }
    }
    return null;
  }

  /// Finds the calling platform thread's M; takes up a dead thread's or makes one where it has
  /// none.
  ///
  /// @return the M, or null if this registry is closed
  @Nullable M own(Thread current) {
    M machine = find(current);
    if (machine != null) {
      return machine;
    }
    StackProbe.ensureRoom();
    lock.lockInner();
    try {
      if (closed) {
        return null;
      }
      // may lie beyond a table that was being replaced
      machine = find(current);
      return machine != null ? machine : register(current);
    } finally {
      lock.unlock();
    }
  }

  private M register(Thread current) {
    collectDead();
    M machine = dead.poll();
    if (machine == null) {
      machine = create();
    }
    machine.owner = current;
    insert(machine, (int) current.threadId());
    return machine;
  }

  private M create() {
    int count = ownedCount;
    M machine = factory.apply(shared.length + count);
    machine.markUsed();
    if (count == owned.length) {
      owned = Arrays.copyOf(owned, count * 2);
    }
    owned[count] = machine;
    ownedCount = count + 1;
    return machine;
  }

  private void collectDead() {
    int probes = Math.min(PROBES, ownedCount);
    for (int i = 0; i < probes; i++) {
      cursor = cursor + 1 < ownedCount ? cursor + 1 : 0;
      M machine = owned[cursor];
      Thread owner = machine.owner;
      if (owner != null && !owner.isAlive()) {
        dead.add(machine); // first: there may be no heap for it
        machine.owner = null;
      }
    }
  }

  private void insert(Machine machine, int id) {
    @Nullable Machine[] now = table;
    if (ownedCount * 2 > now.length || !place(now, machine, id)) {
      int length = now.length;
      do {
        length *= 2;
        now = new Machine[length];
      } while (!placeAll(now));
      table = now;
    }
  }

  private boolean placeAll(@Nullable Machine[] target) {
    for (int i = 0; i < ownedCount; i++) {
      M machine = owned[i];
      Thread owner = machine.owner;
      if (owner != null && !place(target, machine, (int) owner.threadId())) {
        return false;
      }
    }
    return true;
  }

  private static boolean place(@Nullable Machine[] target, Machine machine, int id) {
    for (int i = 0; i < REACH; i++) {
      int slot = (id + i) & (target.length - 1);
      Machine there = target[slot];
      if (there == null || !belongs(there, slot, target.length)) {
        target[slot] = machine;
        return true;
      }
    }
    return false;
  }

  /// Says whether an M is where its owner looks for it. An M that was taken up by another thread
  /// may still stand where its former owner had it; such a place is free.
  private static boolean belongs(Machine machine, int slot, int length) {
    Thread owner = machine.owner;
    return owner != null
        && ((slot - (int) owner.threadId()) & (length - 1)) < REACH
        && owner.isAlive();
  }

  /// Locks one of the shared Ms for the calling thread, which must unlock it without blocking in
  /// between. It stays on its carrier, whatever locks it has.
  M lockShared(Thread current) {
    // Fibonacci hashing: neighbours in id start far from each other
    int start = (int) ((current.threadId() * 0x9E37_79B9_7F4A_7C15L) >>> 40);
    while (true) {
      for (int i = 0; i < shared.length; i++) {
        M machine = shared[(start + i) & (shared.length - 1)];
        if (machine.tryLock(current)) {
          machine.markUsed();
          return machine;
        }
      }
      Thread.onSpinWait();
    }
  }

  /// Does something with Ms whose thread has died and that no thread has taken up; none is taken up
  /// meanwhile.
  ///
  /// @param thorough whether to go through all Ms, not just through [#PROBES] of them
  void forEachDead(boolean thorough, Consumer<? super M> action) {
    lock.lockInner();
    try {
      for (int looked = 0; looked == 0 || (thorough && looked < ownedCount); looked += PROBES) {
        collectDead();
      }
      int visits = thorough ? dead.size() : Math.min(PROBES, dead.size());
      for (int i = 0; i < visits; i++) {
        M machine = dead.remove();
        dead.add(machine);
        action.accept(machine);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Goes round all Ms of platform threads until one is found that has what is looked for. Used by
  /// one thread at a time.
  ///
  /// @return whether one was found
  boolean findAny(Predicate<? super M> wanted) {
    int count = ownedCount;
    M[] machines = owned;
    for (int i = count; i > 0; i--) {
      probe = probe + 1 < count ? probe + 1 : 0;
      if (wanted.test(machines[probe])) {
        return true;
      }
    }
    return false;
  }

  /// Counts the segments in use: what had been handed out when the first pass ended, less what had
  /// been given back somewhat later. So it is never more than were in use at that moment, but for
  /// stores that processors have not yet made known.
  ///
  /// @return segments
  long inUseAtLeast() {
    int count = ownedCount;
    M[] machines = owned;
    long inUse = 0;
    for (M machine : shared) {
      inUse += machine.handedOut();
    }
    for (int i = 0; i < count; i++) {
      inUse += machines[i].handedOut();
    }
    // anew: a thread that has come since may have given back what is counted above
    count = ownedCount;
    machines = owned;
    for (M machine : shared) {
      inUse -= machine.givenBack();
    }
    for (int i = 0; i < count; i++) {
      inUse -= machines[i].givenBack();
    }
    return inUse;
  }

  /// Takes every thread's M away. Threads that allocate afterwards get none.
  void close() {
    lock.lockInner();
    try {
      closed = true;
      table = HotFields.NO_TABLE;
      for (int i = 0; i < ownedCount; i++) {
        owned[i].owner = null;
      }
    } finally {
      lock.unlock();
    }
  }
}
