package io.stackkit.cached;

import static io.stackkit.api.spi.Machine.EMPTY;

import io.stackkit.api.MachineStats;
import io.stackkit.api.spi.Depot;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;

/// Looks into an allocator that nobody uses at the moment.
final class DepotView {

  private DepotView() {}

  /// Counts the segments there, and leaves it empty: they are lost to the allocator.
  static long drainAndCount(CachedAllocator allocator) {
    return drain(allocator).stream().mapToLong(Integer::intValue).sum();
  }

  /// Takes every batch out: they are lost to the allocator.
  ///
  /// @return their lengths
  static List<Integer> drain(CachedAllocator allocator) {
    Depot depot = depotOf(allocator);
    List<Integer> lengths = new ArrayList<>();
    for (int first = depot.pop(0, 1); first != EMPTY; first = depot.pop(0, 1)) {
      int length = 0;
      for (int index = first; index != EMPTY; index = depot.next(index)) {
        length++;
      }
      if (length > allocator.options().cacheSize()) {
        throw new AssertionError("a batch of %d is longer than a cache".formatted(length));
      }
      if (length != depot.count(first)) {
        throw new AssertionError(
            "a batch of %d says it has %d".formatted(length, depot.count(first)));
      }
      lengths.add(length);
    }
    return lengths;
  }

  /// What the Ms say that they hold.
  static long idle(CachedAllocator allocator) {
    return allocator.machines().stream().mapToLong(MachineStats::idle).sum();
  }

  /// What the Ms say is in use.
  static long inUse(CachedAllocator allocator) {
    return allocator.machines().stream().mapToLong(MachineStats::inUse).sum();
  }

  /// The depot itself.
  static Depot depotOf(CachedAllocator allocator) {
    try {
      // protected in another module's class: only its subclass may look
      MethodHandle depot =
          MethodHandles.privateLookupIn(CachedAllocator.class, MethodHandles.lookup())
              .findVirtual(CachedAllocator.class, "depot", MethodType.methodType(Depot.class));
      return (Depot) depot.invokeExact(allocator);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
