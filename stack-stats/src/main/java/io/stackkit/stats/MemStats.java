package io.stackkit.stats;

import com.google.common.base.MoreObjects;
import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.MapMaker;
import io.stackkit.api.CheckedStackAllocator;
import io.stackkit.api.LargeStats;
import io.stackkit.api.MachineStats;
import io.stackkit.api.StackAllocator;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The memory figures of one or more allocators, as they were when [#read(StackAllocator...)]
/// looked; what Go's runtime adds up over all Ms in `cachestats()`. Immutable.
///
/// ```java
/// MemStats before = MemStats.read(allocator);
/// work();
/// System.out.println(MemStats.read(allocator).minus(before));
/// ```
///
/// ### What the figures mean
///
/// Bytes obtained from the system ([#stacksSys()]) are in use ([#stacksInuse()]) or idle
/// ([#stacksIdle()]): in the caches of Ms and in shared lists. A free debits the M that frees, so a
/// single M's in-use may be negative, and the sum over all Ms is what counts. Segments above the
/// fixed size count apart ([#large()]). All sums are exact in 64 bits.
///
/// ### How exact they are
///
/// While no operation is under way, every figure is exact. While threads allocate and free, reading
/// neither blocks them nor fails, and there was a moment during the call at which the number of
/// segments in use differed from what is reported by no more than the operations under way plus
/// [#uncertainty()]:
///
/// - All Ms are read twice, up to eight times in all. When two readings in a row agree, all figures
///   belong to one moment: [#exact()] is true and the uncertainty is 0.
/// - When none do, the reading with the least movement is taken. Its uncertainty is the larger of
///   the numbers of allocations and of frees that happened between two readings: a segment that
///   goes from an M that was read to one that is about to be may have been missed. `stacksIdle()`
///   is off by as much, and by the memory that came or went meanwhile, and may then be negative.
///
/// `stacksSys()` comes from one counter and is right for a moment during the call in any case.
/// Several allocators are read one after the other, each at a moment of its own; since no segment
/// goes from one allocator to another, sums stay as exact as their parts.
///
/// ### Closed allocators
///
/// may be read. A closed allocator holds no memory: in use, idle, and system are 0 even if segments
/// were in use when it was closed. Event counts and the records of its Ms stay as they were.
public final class MemStats {

  /// Weak and by identity, so that figures tell allocators apart and keep none alive.
  private static final Map<StackAllocator, Long> NUMBERS = new MapMaker().weakKeys().makeMap();

  private static final AtomicLong LAST_NUMBER = new AtomicLong();

  private final ImmutableList<AllocatorStats> allocators;

  private MemStats(Collection<AllocatorStats> allocators) {
    this.allocators = ImmutableList.copyOf(allocators);
  }

  /// Reads the figures of allocators. Takes time and garbage in proportion to the number of Ms;
  /// meant for every second, not for every request.
  ///
  /// @param allocators which, each once; none gives all zeros
  /// @return the figures now
  /// @throws IllegalArgumentException if an allocator is given twice, which would count its memory
  ///   twice; a [CheckedStackAllocator] and what it watches over are one, while other wrappers are
  ///   not seen through
  /// @throws ArithmeticException if a sum is beyond a `long`: an allocator's counters are broken
  public static MemStats read(StackAllocator... allocators) {
    return read(Arrays.asList(allocators));
  }

  /// Reads the figures of allocators, as [#read(StackAllocator...)].
  ///
  /// @param allocators which, each once
  /// @return the figures now
  /// @throws IllegalArgumentException if an allocator is given twice, by itself or within a
  ///   [CheckedStackAllocator]
  /// @throws ArithmeticException if a sum is beyond a `long`
  public static MemStats read(List<? extends StackAllocator> allocators) {
    IdentityHashMap<StackAllocator, Integer> places = new IdentityHashMap<>();
    for (StackAllocator allocator : allocators) {
      int place = places.size();
      Preconditions.checkNotNull(allocator, "allocators[%s]", place);
      Integer before = places.putIfAbsent(unwrapped(allocator), place);
      Preconditions.checkArgument(
          before == null,
          "allocators[%s]: %s is at [%s] already; give each allocator once, or its memory counts"
              + " twice",
          place,
          allocator,
          before);
    }
    return new MemStats(allocators.stream().map(a -> DoubleCollect.read(nameOf(a), a)).toList());
  }

  private static String nameOf(StackAllocator allocator) {
    long number = NUMBERS.computeIfAbsent(allocator, a -> LAST_NUMBER.incrementAndGet());
    return allocator.options().allocator() + "#" + number;
  }

  /// The one whose memory it is.
  private static StackAllocator unwrapped(StackAllocator allocator) {
    return allocator instanceof CheckedStackAllocator checked
        ? unwrapped(checked.unchecked())
        : allocator;
  }

  /// Returns the bytes in use (Go: `stacks_inuse`), large segments not included.
  ///
  /// @return bytes; 0 once everything has been freed, whatever thread freed it
  public long stacksInuse() {
    return sum(AllocatorStats::inUseBytes);
  }

  /// Returns the bytes obtained from the system and not given back (Go: `stacks_sys`), large
  /// segments not included.
  ///
  /// @return bytes
  public long stacksSys() {
    return sum(AllocatorStats::sysBytes);
  }

  /// Returns the bytes obtained but not in use.
  ///
  /// @return always [#stacksSys()] less [#stacksInuse()]; never negative when [#exact()]
  public long stacksIdle() {
    return Math.subtractExact(stacksSys(), stacksInuse());
  }

  /// Returns the number of segments handed out since the allocators were opened.
  ///
  /// @return events
  public long allocations() {
    return sumMachines(MachineStats::allocations);
  }

  /// Returns the number of segments given back since the allocators were opened.
  ///
  /// @return events
  public long frees() {
    return sumMachines(MachineStats::frees);
  }

  /// Returns how often an M's empty cache was filled with a batch.
  ///
  /// @return events
  public long refills() {
    return sumMachines(MachineStats::refills);
  }

  /// Returns how often an M's full cache gave a batch away.
  ///
  /// @return events
  public long releases() {
    return sumMachines(MachineStats::releases);
  }

  /// Returns the number of Ms that were ever used.
  ///
  /// @return Ms
  public int machines() {
    return Math.toIntExact(sum(allocator -> allocator.machines().size()));
  }

  /// Returns the figures of the segments above the fixed size, which are in none of the others.
  ///
  /// @return the sums over all allocators
  public LargeStats large() {
    return new LargeStats(
        sum(allocator -> allocator.large().inUseBytes()),
        sum(allocator -> allocator.large().idleBytes()),
        sum(allocator -> allocator.large().allocations()),
        sum(allocator -> allocator.large().hits()));
  }

  /// Returns by how many segments the number in use may be off because threads went on while it was
  /// read.
  ///
  /// @return segments, 0 if the figures are exact; of a sum or a difference, the sum of both sides'
  ///   uncertainties
  public long uncertainty() {
    return sum(AllocatorStats::uncertainty);
  }

  /// Says whether all figures of each allocator belong to one moment.
  ///
  /// @return true if two complete readings in a row agreed, as they do when no operation is under
  ///   way
  public boolean exact() {
    return allocators.stream().allMatch(AllocatorStats::exact);
  }

  /// Returns the figures of each allocator.
  ///
  /// @return in the order in which they were given; immutable
  public List<AllocatorStats> allocators() {
    return allocators;
  }

  /// Returns these figures and others together, such as those of other allocators, or two
  /// differences. Figures of the same allocator are added up.
  ///
  /// @param other the figures to add
  /// @return the sums
  /// @throws ArithmeticException if a sum is beyond a `long`
  public MemStats plus(MemStats other) {
    Map<String, AllocatorStats> sums = byName();
    other.allocators.forEach(theirs -> sums.merge(theirs.name(), theirs, AllocatorStats::plus));
    return new MemStats(sums.values());
  }

  /// Returns what happened since an earlier reading: the difference of every figure, which may be
  /// negative. An allocator or an M that one of the two does not know counts as all zeros there.
  ///
  /// @param earlier the figures to subtract
  /// @return the differences
  /// @throws ArithmeticException if a difference is beyond a `long`
  public MemStats minus(MemStats earlier) {
    Map<String, AllocatorStats> differences = byName();
    for (AllocatorStats theirs : earlier.allocators) {
      differences.compute(theirs.name(), (name, mine) -> difference(mine, theirs));
    }
    return new MemStats(differences.values());
  }

  private static AllocatorStats difference(@Nullable AllocatorStats mine, AllocatorStats theirs) {
    return (mine == null ? theirs.nothing() : mine).minus(theirs);
  }

  private Map<String, AllocatorStats> byName() {
    Map<String, AllocatorStats> byName = new LinkedHashMap<>();
    allocators.forEach(allocator -> byName.put(allocator.name(), allocator));
    return byName;
  }

  private long sum(ToLongFunction<AllocatorStats> figure) {
    long sum = 0;
    for (AllocatorStats allocator : allocators) {
      sum = Math.addExact(sum, figure.applyAsLong(allocator));
    }
    return sum;
  }

  private long sumMachines(ToLongFunction<MachineStats> figure) {
    return sum(allocator -> allocator.sum(figure));
  }

  /// Returns a table of several lines: per allocator a line of totals, then a line per M (Go:
  /// `allm`).
  ///
  /// @return lines for people to read, each but the last with a line feed at its end; the layout
  ///   may change
  public String format() {
    return StatsTable.of(allocators);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MemStats stats && allocators.equals(stats.allocators);
  }

  @Override
  public int hashCode() {
    return allocators.hashCode();
  }

  /// Returns the totals in one line, sizes in bytes.
  @Override
  public String toString() {
    LargeStats large = large();
    return MoreObjects.toStringHelper(this)
        .add("inuse", stacksInuse())
        .add("idle", stacksIdle())
        .add("sys", stacksSys())
        .add("allocations", allocations())
        .add("frees", frees())
        .add("refills", refills())
        .add("releases", releases())
        .add("machines", machines())
        .add("largeInuse", large.inUseBytes())
        .add("largeIdle", large.idleBytes())
        .add("uncertainty", uncertainty())
        .toString();
  }
}
