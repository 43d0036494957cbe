package io.stackkit.bench.workload;

import com.google.common.collect.ImmutableList;
import io.stackkit.bench.peer.Need;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A workload: what is done and how it is asked for. The one list of them.
public enum Workload {
  /// Go's BenchmarkStackGrowth.
  GROWTH(
      "growth",
      "StackGrowth",
      "the commit's: recursion of 10 calls of 1040 bytes, 3 to a segment",
      GrowthBenchmark.class,
      Need.GROWTH,
      Unit.WALL_NS),
  /// Go's BenchmarkStackGrowthDeep.
  DEEP(
      "deep",
      "StackGrowthDeep",
      "the commit's: recursion of 1024 calls of 1040 bytes, 341 segments",
      GrowthBenchmark.class,
      Need.GROWTH,
      Unit.WALL_NS),
  /// Go's TestStackMem.
  STACKMEM(
      "stackmem",
      "StackMem",
      "the commit's: 512 rounds of 32 tasks on 32 threads, 64 segments each",
      StackMemBenchmark.class,
      Need.GROWTH,
      Unit.SECONDS),
  /// One block.
  PAIR("pair", "a block allocated, touched, freed", Need.OWN_BLOCKS),
  /// Beyond the cache.
  BURST_128(
      "burst128", "128 blocks allocated and touched, then freed newest first", Need.OWN_BLOCKS),
  /// Far beyond the cache.
  BURST_1024("burst1024", "the same with 1024 blocks", Need.OWN_BLOCKS),
  /// Pairs of threads.
  HANDOFF(
      "handoff",
      "Handoff",
      "in pairs of threads, one allocates and the other frees",
      HandoffBenchmark.class,
      Need.SHARED_BLOCKS,
      Unit.NS_PER_BLOCK),
  /// Half of the threads for the other half.
  XMALLOC(
      "xmalloc",
      "Xmalloc",
      "half of the threads allocate, the others free, through one bounded queue",
      HandoffBenchmark.class,
      Need.SHARED_BLOCKS,
      Unit.NS_PER_BLOCK),
  /// Generations of threads.
  LARSON(
      "larson",
      "Larson",
      "threads live and die and hand their blocks on",
      LarsonBenchmark.class,
      Need.SHARED_BLOCKS,
      Unit.NS_PER_BLOCK),
  /// Platform threads in turn.
  CHURN("churn-platform", "Churn", "16,384 platform threads, 32 alive, 128 blocks each", "churn"),
  /// Virtual threads in turn.
  CHURN_VIRTUAL_32(
      "churn-virtual32",
      "ChurnVirtual32",
      "16,384 virtual threads, 32 alive, 128 blocks each",
      "churnVirtual32"),
  /// More virtual threads in turn.
  CHURN_VIRTUAL_1000(
      "churn-virtual1000",
      "ChurnVirtual1000",
      "16,384 virtual threads, 1,000 alive, 128 blocks each",
      "churnVirtual1000"),
  /// Virtual threads at once.
  VIRTUAL("virtual", "Virtual", "100,000 virtual threads alive at once, 4 blocks each", "virtual"),
  /// Depth 1.
  FRAMES_1("frames1", "Frames1", "scratch memory: 1 level of 512 bytes"),
  /// Depth 10.
  FRAMES_10("frames10", "Frames10", "scratch memory: 10 levels of 512 bytes, per level"),
  /// Depth 1024.
  FRAMES_1024("frames1024", "Frames1024", "scratch memory: 1024 levels of 512 bytes, per level"),
  /// Across the edge.
  HOTSPLIT("hotsplit", "HotSplit", "a frame that crosses the edge of a 4 KiB segment each time"),
  /// Off the edge.
  NOSPLIT("nosplit", "NoSplit", "the same frame where it fits"),
  /// A call with a struct by reference.
  NATIVE_CLOCK("native-clock", "NativeClock", "clock_gettime with a timespec in scratch memory"),
  /// A call with a struct by value.
  NATIVE_STRUCT("native-struct", "NativeStruct", "ldiv, whose struct comes back by value");

  private final String key;
  private final String title;
  private final String description;
  private final String benchmark;
  private final Need need;
  private final Unit unit;

  Workload(String key, String title, String description, Class<?> type, Need need, Unit unit) {
    this(key, title, description, type, key, need, unit);
  }

  Workload(
      String key,
      String title,
      String description,
      Class<?> type,
      String method,
      Need need,
      Unit unit) {
    this.key = key;
    this.title = title;
    this.description = description;
    this.benchmark = type.getName() + "." + method;
    this.need = need;
    this.unit = unit;
  }

  /// A workload of blocks.
  Workload(String key, String description, Need need) {
    this(
        key,
        Character.toUpperCase(key.charAt(0)) + key.substring(1),
        description,
        BlockBenchmark.class,
        need,
        Unit.NS_PER_BLOCK);
  }

  /// A workload of threads that come and go.
  Workload(String key, String title, String description, String method) {
    this(key, title, description, ChurnBenchmark.class, method, Need.MANY_THREADS, Unit.SECONDS);
  }

  /// A workload of frames.
  Workload(String key, String title, String description) {
    this(
        key,
        title,
        description,
        FrameBenchmark.class,
        Character.toLowerCase(title.charAt(0)) + title.substring(1).replace("Split", "split"),
        Need.SCRATCH,
        Unit.NS_PER_FRAME);
  }

  /// The commit's three.
  public static final ImmutableList<Workload> OF_THE_COMMIT =
      ImmutableList.of(GROWTH, DEEP, STACKMEM);

  /// Finds workloads by name: one by its own, or several by what their names begin with, such as
  /// `churn` or `native`.
  ///
  /// @param name a name
  /// @return the workloads, empty if there are none of that name
  public static Set<Workload> named(String name) {
    Set<Workload> found = new LinkedHashSet<>();
    for (Workload workload : values()) {
      if (workload.key.equals(name) || workload.group().equals(name)) {
        found.add(workload);
      }
    }
    return found;
  }

  /// Returns every name by which workloads can be asked for.
  ///
  /// @return names of workloads and of groups
  public static List<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (Workload workload : values()) {
      names.add(workload.group());
      names.add(workload.key);
    }
    return new ArrayList<>(names);
  }

  /// Returns the name that it shares with its like.
  ///
  /// @return such as `burst` for `burst128`
  public String group() {
    return switch (this) {
      case BURST_128, BURST_1024 -> "burst";
      case CHURN, CHURN_VIRTUAL_32, CHURN_VIRTUAL_1000 -> "churn";
      case FRAMES_1, FRAMES_10, FRAMES_1024 -> "frames";
      case NATIVE_CLOCK, NATIVE_STRUCT -> "native";
      default -> key;
    };
  }

  /// Returns the name by which it is asked for.
  ///
  /// @return such as `burst128`
  public String key() {
    return key;
  }

  /// Returns the name that reports have.
  ///
  /// @return such as `StackGrowth`
  public String title() {
    return title;
  }

  /// Says what is done.
  ///
  /// @return a phrase
  public String description() {
    return description;
  }

  /// Returns the JMH benchmark.
  ///
  /// @return class and method
  public String benchmark() {
    return benchmark;
  }

  /// Returns what it asks of a contender.
  ///
  /// @return the need
  public Need need() {
    return need;
  }

  /// Returns what its time means.
  ///
  /// @return the unit
  public Unit unit() {
    return unit;
  }

  /// Returns how much of it one operation does.
  ///
  /// @return calls, blocks, or levels of frames; 1 for anything else
  int size() {
    return switch (this) {
      case GROWTH -> GrowthBenchmark.SHALLOW;
      case DEEP -> GrowthBenchmark.DEEP;
      case BURST_128 -> BlockBenchmark.SMALL_BURST;
      case BURST_1024 -> BlockBenchmark.LARGE_BURST;
      case FRAMES_10 -> FrameBenchmark.SHALLOW;
      case FRAMES_1024 -> FrameBenchmark.DEEP;
      default -> 1;
    };
  }

  /// Tells whether it is one shot in a fresh JVM, whose memory is of interest, and brings its own
  /// threads.
  ///
  /// @return whether it is
  public boolean isSingleShot() {
    return unit == Unit.SECONDS;
  }

  /// Tells whether its threads come in pairs.
  ///
  /// @return whether they do
  public boolean needsPairs() {
    return this == HANDOFF || this == XMALLOC;
  }

  /// Tells whether two contenders can do it in turn in one JVM: what a thread does is over before
  /// the other one's turn, and it hardly runs code of the JDK's, which both share.
  ///
  /// @return whether they can
  public boolean canBePaired() {
    return switch (need) {
      case GROWTH, OWN_BLOCKS -> !isSingleShot();
      case SCRATCH -> this != NATIVE_CLOCK && this != NATIVE_STRUCT;
      case SHARED_BLOCKS, MANY_THREADS -> false;
    };
  }

  /// Returns the numbers of threads it is run with where none are given.
  ///
  /// @return numbers of threads
  public List<Integer> defaultThreads() {
    return switch (this) {
      case GROWTH, DEEP -> List.of(1, 2, 4, 8, 16, 32);
      case PAIR, BURST_128, BURST_1024, LARSON -> List.of(1, 2, 8);
      case HANDOFF, XMALLOC -> List.of(2, 8);
      default -> List.of(1);
    };
  }

  /// Returns those of some numbers of threads that it can be run with.
  ///
  /// @param threads what was asked for
  /// @return numbers of threads: 1 for a single shot, even ones for pairs
  public List<Integer> threadsOutOf(List<Integer> threads) {
    if (isSingleShot()) {
      return List.of(1);
    }
    return threads.stream().filter(n -> !needsPairs() || n % 2 == 0).toList();
  }

  /// Returns all of them.
  ///
  /// @return every workload, in the order of reports
  public static List<Workload> all() {
    return Arrays.asList(values());
  }
}
