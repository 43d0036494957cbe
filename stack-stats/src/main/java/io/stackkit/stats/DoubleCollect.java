package io.stackkit.stats;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Maps;
import io.stackkit.api.LargeStats;
import io.stackkit.api.MachineStats;
import io.stackkit.api.StackAllocator;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Map;

/// Reads an allocator whose Ms cannot be stopped.
///
/// ### The problem
///
/// Go adds up its Ms with the world stopped. Here Ms are read one after the other, and of a segment
/// that is allocated on one M (read already) and freed on another (read next) only the free is
/// seen: the sum is off by one. A burst of such handoffs puts it off by as many.
///
/// ### The way out
///
/// Read everything twice. Let T be the moment between the two readings. Counts of allocations and
/// of frees only ever grow, so the value of each at T lies between its two readings.
///
/// - Where both readings agree in every figure, nothing changed around T: **all figures are those
///   of moment T**.
/// - Otherwise let *a* and *f* be how many allocations and frees, over all Ms, the second reading
///   saw and the first did not. The true number in use at T lies between *a* below and *f* above
///   what the second reading says: it is **off by at most max(a, f)**.
///
/// The second holds even where the counts of one M were not read at one moment. The reading is
/// repeated a few times, each compared with the one before, until two agree; else the pair with the
/// least movement counts.
///
/// An operation under way at T may have been counted or not yet; from outside there is no telling.
final class DoubleCollect {

  /// Readings at most. A quiet allocator takes two. Beyond, a few tries catch a pause of the other
  /// threads; more would not help against threads that do nothing but allocate and free.
  static final int READINGS = 8;

  private static final MachineStats UNUSED = new MachineStats(0, 0, 0, 0, 0, 0, 0);

  private DoubleCollect() {}

  private record Reading(List<MachineStats> machines, long sysBytes, LargeStats large) {}

  static AllocatorStats read(String name, StackAllocator allocator) {
    Reading before = reading(allocator);
    Reading after = reading(allocator);
    AllocatorStats best = compare(name, allocator, before, after);
    for (int i = 2; i < READINGS && !best.exact(); i++) {
      before = after;
      after = reading(allocator);
      AllocatorStats next = compare(name, allocator, before, after);
      if (next.exact() || next.uncertainty() < best.uncertainty()) {
        best = next;
      }
    }
    return best;
  }

  private static Reading reading(StackAllocator allocator) {
    // whatever mode an allocator reads its counters in, none of this may be done before the last
    // reading is over
    VarHandle.fullFence();
    return new Reading(
        ImmutableList.copyOf(allocator.machines()), allocator.sysBytes(), allocator.large());
  }

  private static AllocatorStats compare(
      String name, StackAllocator allocator, Reading before, Reading after) {
    boolean exact = before.equals(after);
    // where no memory is held none is in use: the counts of a closed allocator still know what was
    // lost with it
    long inUse = after.sysBytes == 0 ? 0 : AllocatorStats.sum(after.machines, MachineStats::inUse);
    return new AllocatorStats(
        name,
        allocator.options(),
        inUse,
        after.sysBytes,
        after.machines,
        after.large,
        exact ? 0 : movement(before.machines, after.machines),
        exact);
  }

  private static long movement(List<MachineStats> before, List<MachineStats> after) {
    Map<Integer, MachineStats> earlier = Maps.uniqueIndex(before, MachineStats::id);
    long allocations = 0;
    long frees = 0;
    for (MachineStats now : after) {
      MachineStats then = earlier.getOrDefault(now.id(), UNUSED);
      allocations = Math.addExact(allocations, distance(then.allocations(), now.allocations()));
      frees = Math.addExact(frees, distance(then.frees(), now.frees()));
    }
    return Math.max(allocations, frees);
  }

  private static long distance(long then, long now) {
    return Math.absExact(Math.subtractExact(now, then));
  }
}
