package io.stackkit.bench.peer;

import static io.stackkit.bench.peer.Need.MANY_THREADS;
import static io.stackkit.bench.peer.Need.OWN_BLOCKS;
import static io.stackkit.bench.peer.Need.SCRATCH;
import static io.stackkit.bench.peer.Need.SHARED_BLOCKS;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a user would take instead of the kit. The one list of them.
public enum Peer {
  /// Netty's pool, as its users have it.
  NETTY_POOLED(
      "netty-pooled",
      "Netty's PooledByteBufAllocator, caches for its own threads only",
      any(),
      () -> NettySource.pooled(false),
      null),
  /// Netty's pool with a cache for every thread.
  NETTY_POOLED_CACHED(
      "netty-pooled-cached",
      "the same with a cache for every thread",
      any(),
      () -> NettySource.pooled(true),
      null),
  /// Netty's newer pool.
  NETTY_ADAPTIVE(
      "netty-adaptive", "Netty's AdaptiveByteBufAllocator", any(), NettySource::adaptive, null),
  /// The JDK's plain way.
  ARENA_CONFINED(
      "arena-confined",
      "Arena.ofConfined() per block or frame",
      Sets.immutableEnumSet(OWN_BLOCKS, MANY_THREADS, SCRATCH),
      () -> new ArenaSource(Arena::ofConfined),
      () -> new ArenaScratch(byteSize -> Arena.ofConfined())),
  /// The JDK's plain way for several threads.
  ARENA_SHARED(
      "arena-shared",
      "Arena.ofShared() per block; very slow to close",
      any(),
      () -> new ArenaSource(Arena::ofShared),
      null),
  /// The C library.
  MALLOC(
      "malloc",
      "malloc and free by critical downcalls",
      anyAndScratch(),
      MallocSource::new,
      MallocScratch::new),
  /// LWJGL's model of a scratch allocator.
  LWJGL_STACK(
      "lwjgl-stack",
      "LWJGL MemoryStack, of a fixed size, passed along",
      Sets.immutableEnumSet(OWN_BLOCKS, SCRATCH),
      () -> LwjglSource.STACK,
      LwjglStackScratch::new),
  /// The same with memory segments.
  LWJGL_SEGMENT_STACK(
      "lwjgl-segment-stack",
      "LWJGL SegmentStack, of a fixed size, passed along",
      Sets.immutableEnumSet(OWN_BLOCKS, SCRATCH),
      () -> LwjglSource.SEGMENT_STACK,
      LwjglSegmentStackScratch::new),
  /// LWJGL's general allocator.
  LWJGL_MALLOC(
      "lwjgl-malloc", "LWJGL nmemAlloc and nmemFree", any(), () -> LwjglSource.MALLOC, null),
  /// A queue as a pool.
  JCTOOLS_QUEUE(
      "jctools-queue", "a JCTools MPMC array queue of free blocks", any(), QueueSource::new, null),
  /// What people write themselves.
  THREADLOCAL_RING(
      "threadlocal-ring",
      "ThreadLocal + array of free blocks, without a bound",
      any(),
      () -> new RingSource(true),
      null),
  /// The limit.
  FIELD_RING(
      "field-ring",
      "an array of free blocks in the thread's own field: the limit",
      Sets.immutableEnumSet(OWN_BLOCKS),
      () -> new RingSource(false),
      null),
  /// The JDK's own scratch allocator.
  JDK_BUFFERSTACK(
      "jdk-bufferstack",
      "the JDK's internal BufferStack, an arena per frame",
      Sets.immutableEnumSet(SCRATCH),
      null,
      () -> new ArenaScratch(new JdkStack(Scratch.FIXED_BYTES))),
  /// What it takes to give what an arena promises: zeros.
  JDK_BUFFERSTACK_ZEROED(
      "jdk-bufferstack-zeroed",
      "the same, and each frame of recursions is cleared with MemorySegment.fill()",
      Sets.immutableEnumSet(SCRATCH),
      null,
      () -> new ArenaScratch(new JdkStack(Scratch.FIXED_BYTES), true)),
  /// The limit for frames.
  CONTIGUOUS(
      "contiguous",
      "a pointer into one block, without checks: the limit",
      Sets.immutableEnumSet(SCRATCH),
      null,
      ContiguousScratch::new);

  private final String spec;
  private final String description;
  private final ImmutableSet<Need> fills;

  @SuppressWarnings("ImmutableEnumChecker") // a function without state
  private final @Nullable Supplier<BlockSource> blocks;

  @SuppressWarnings("ImmutableEnumChecker") // a function without state
  private final @Nullable ScratchSource scratch;

  Peer(
      String spec,
      String description,
      ImmutableSet<Need> fills,
      @Nullable Supplier<BlockSource> blocks,
      @Nullable ScratchSource scratch) {
    this.spec = spec;
    this.description = description;
    this.fills = fills;
    this.blocks = blocks;
    this.scratch = scratch;
  }

  boolean handsOutArenas() {
    return this == ARENA_CONFINED || isJdkStack();
  }

  private boolean isJdkStack() {
    return this == JDK_BUFFERSTACK || this == JDK_BUFFERSTACK_ZEROED;
  }

  private static ImmutableSet<Need> any() {
    return Sets.immutableEnumSet(OWN_BLOCKS, SHARED_BLOCKS, MANY_THREADS);
  }

  private static ImmutableSet<Need> anyAndScratch() {
    return Sets.immutableEnumSet(OWN_BLOCKS, SHARED_BLOCKS, MANY_THREADS, SCRATCH);
  }

  static Optional<Peer> named(String name) {
    return Arrays.stream(values()).filter(peer -> peer.spec.equals(name)).findFirst();
  }

  static List<String> names() {
    return Arrays.stream(values()).map(Peer::spec).toList();
  }

  /// Returns everyone there is, the kit's allocators in all their views first. One whose
  /// measurement would take all the machine's time is left out.
  ///
  /// @return contenders
  public static List<Contender> everyone() {
    return Stream.concat(
            Stream.of(
                "fixalloc",
                "cached",
                "local:fixalloc",
                "local:cached",
                "arena:cached",
                "dirty:cached"),
            names().stream().filter(name -> !name.equals(ARENA_SHARED.spec)))
        .map(Contender::parse)
        .toList();
  }

  /// Returns the name by which it is asked for.
  ///
  /// @return such as `netty-pooled`
  public String spec() {
    return spec;
  }

  /// Says what it is.
  ///
  /// @return a phrase
  public String description() {
    return description;
  }

  /// Returns the JVM options that it needs to be measured.
  ///
  /// @return options, mostly none
  public List<String> jvmArgs() {
    return isJdkStack() ? List.of(JdkStack.EXPORT) : List.of();
  }

  /// Tells whether it can stand in workloads of a kind.
  ///
  /// @param need the kind
  /// @return whether it can
  public boolean fills(Need need) {
    return fills.contains(need);
  }

  BlockSource openBlocks() {
    if (blocks == null) {
      throw new IllegalArgumentException(spec + ": has frames only, no blocks");
    }
    return blocks.get();
  }

  ScratchSource openScratch() {
    if (scratch == null) {
      throw new IllegalArgumentException(spec + ": has blocks only, no frames");
    }
    return scratch;
  }
}
