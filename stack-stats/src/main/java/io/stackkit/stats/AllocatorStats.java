package io.stackkit.stats;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.LargeStats;
import io.stackkit.api.MachineStats;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongBinaryOperator;
import java.util.function.ToLongFunction;

/// One allocator's part of a [MemStats]: what was read, or the difference or sum of such readings.
/// Immutable.
///
/// @param name what tells this allocator from every other one in this JVM, such as `cached#1`
/// @param options what the allocator was made with
/// @param inUse fixed-size segments in use: the sum over [#machines()]; 0 for a reading that found
///   no memory held, as of a closed allocator, whose segments went with it
/// @param sysBytes bytes obtained from the system for fixed-size segments
/// @param machines one record per M, by ascending id
/// @param large the segments above the fixed size, which count apart
/// @param uncertainty by how many segments `inUse` may be off, see [MemStats#uncertainty()]
/// @param exact whether all figures held at one moment, see [MemStats#exact()]
public record AllocatorStats(
    String name,
    AllocatorOptions options,
    long inUse,
    long sysBytes,
    List<MachineStats> machines,
    LargeStats large,
    long uncertainty,
    boolean exact) {

  private static final MachineStats NOTHING = new MachineStats(0, 0, 0, 0, 0, 0, 0);

  /// Keeps a copy of the list.
  public AllocatorStats {
    machines = ImmutableList.copyOf(machines);
  }

  /// Returns the bytes in use.
  ///
  /// @return [#inUse()] times the segment size
  /// @throws ArithmeticException if that is beyond a `long`
  public long inUseBytes() {
    return Math.multiplyExact(inUse, (long) options.segmentSize());
  }

  /// Returns the bytes obtained but not in use: in the caches of Ms and in shared lists.
  ///
  /// @return [#sysBytes()] less [#inUseBytes()]
  public long idleBytes() {
    return Math.subtractExact(sysBytes, inUseBytes());
  }

  /// Returns a figure summed over all Ms.
  ///
  /// @param figure which, such as `MachineStats::refills`
  /// @return the sum
  /// @throws ArithmeticException if it is beyond a `long`
  public long sum(ToLongFunction<MachineStats> figure) {
    return sum(machines, figure);
  }

  static long sum(List<MachineStats> machines, ToLongFunction<MachineStats> figure) {
    long sum = 0;
    for (MachineStats machine : machines) {
      sum = Math.addExact(sum, figure.applyAsLong(machine));
    }
    return sum;
  }

  AllocatorStats plus(AllocatorStats other) {
    return combine(other, Math::addExact);
  }

  AllocatorStats minus(AllocatorStats other) {
    return combine(other, Math::subtractExact);
  }

  /// What this allocator is before anything was read of it: the neutral element of plus and minus.
  AllocatorStats nothing() {
    return new AllocatorStats(name, options, 0, 0, List.of(), LargeStats.NONE, 0, true);
  }

  private AllocatorStats combine(AllocatorStats other, LongBinaryOperator op) {
    Preconditions.checkArgument(
        options.equals(other.options),
        "name: %s stands for two allocators, %s and %s; combine figures of the same one",
        name,
        options,
        other.options);
    return new AllocatorStats(
        name,
        options,
        op.applyAsLong(inUse, other.inUse),
        op.applyAsLong(sysBytes, other.sysBytes),
        machines(other, op),
        new LargeStats(
            op.applyAsLong(large.inUseBytes(), other.large.inUseBytes()),
            op.applyAsLong(large.idleBytes(), other.large.idleBytes()),
            op.applyAsLong(large.allocations(), other.large.allocations()),
            op.applyAsLong(large.hits(), other.large.hits())),
        // errors add up whichever way the figures go
        Math.addExact(uncertainty, other.uncertainty),
        exact && other.exact);
  }

  /// An M that only one side knows counts as all zeros on the other: it had not been used then.
  private List<MachineStats> machines(AllocatorStats other, LongBinaryOperator op) {
    var mine = byId(machines);
    var others = byId(other.machines);
    var ids = new TreeSet<>(mine.keySet());
    ids.addAll(others.keySet());
    return ids.stream()
        .map(
            id -> combine(id, mine.getOrDefault(id, NOTHING), others.getOrDefault(id, NOTHING), op))
        .toList();
  }

  private static MachineStats combine(
      int id, MachineStats a, MachineStats b, LongBinaryOperator op) {
    return new MachineStats(
        id,
        op.applyAsLong(a.inUse(), b.inUse()),
        op.applyAsLong(a.idle(), b.idle()),
        op.applyAsLong(a.allocations(), b.allocations()),
        op.applyAsLong(a.frees(), b.frees()),
        op.applyAsLong(a.refills(), b.refills()),
        op.applyAsLong(a.releases(), b.releases()));
  }

  private static ImmutableSortedMap<Integer, MachineStats> byId(List<MachineStats> machines) {
    return machines.stream()
        .collect(
            ImmutableSortedMap.toImmutableSortedMap(
                Integer::compare, MachineStats::id, machine -> machine));
  }
}
