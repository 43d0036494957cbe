package io.stackkit.api.spi;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The handle of a fixed-size segment. There is one for each piece of memory, made with it and
/// recycled with it, so that allocating makes no garbage.
///
/// Handles are linked by *index*, not by reference: a store of a reference into an old object costs
/// a collector's barrier (with G1 up to a full memory fence, with the parallel collector a
/// card-table line that threads fight over), a store of an `int` costs nothing. Measured with
/// long-lived handles, two threads' bursts gain a quarter by it; and an index fits into one `long`
/// together with a version, which makes [Depot] free of locks.
///
/// ### Padding
///
/// Handles of different slabs are soon used by different threads, and every allocate and free
/// writes into one. Where the last handle of one slab and what the first of the next needs shared a
/// cache line, which depended on where the heap put them, two threads' bursts took up to three
/// times as long, in some JVMs and not in others. So behind the fields of each handle lie 64 bytes
/// of nothing: two handles never share a line, in whatever order the collector puts them.
///
/// In front of them is nothing but the header, and before that, as it is made, the memory's own
/// object, which nobody writes. Padding there, too, put header and fields, both of which every free
/// looks at, into two lines. That is nothing where an M's segments lie side by side and the
/// processor sees what comes next; where they have travelled, it is a line more to wait for. What
/// that gains is small: some 2 % of deep recursion in 32 threads, less than the errors of `--paired
/// --workload deep --threads 32 --allocators fixalloc cached --forks 5`, the benchmarks' command.
///
/// ### Margins
///
/// That is not enough where a processor reads ahead. A thread that goes through the handles of a
/// slab in steps of the same size has those fetched that would come next, which are the next
/// slab's, and its user, on another processor, has to fetch them back before it can write. So what
/// is made after a slab's handles is kept away from them by a margin, an array that nobody reads or
/// writes. The last handle made refers to it.
///
/// That holds as long as handles lie in the order in which they were made. A collection that copies
/// them comes to the table of handles first, and may put those of two slabs side by side and their
/// margins elsewhere: under Serial it does so with all, under G1 and Parallel with some. Only a
/// margin within the first and the last handle of each slab would be safe from that. With a young
/// collection of G1 every 150 ms, though, deep recursion took 1.03 ±0.04 and 1.03 ±0.02 times as
/// long in 2 and 8 threads (`--paired --workload deep --threads 2,8 --allocators fixalloc cached
/// --forks 6 --millis 300` with `JDK_JAVA_OPTIONS=-XX:G1PeriodicGCInterval=150`).
///
/// Without margins, deep recursion took 1.06 ±0.04, 1.05 ±0.03 and 1.11 ±0.05 times as long as with
/// one unbounded list for each, in 8, 16 and 32 threads; with them, 1.05 ±0.01, 1.05 ±0.02 and 1.04
/// ±0.02. Bursts of 128 in two threads took 1.15 ±0.49 times as long, some JVMs much more than
/// others; now 1.19 ±0.05. (`--paired --workload deep,burst128 --allocators fixalloc cached
/// --millis 600`, with G1, each time with margins on both sides or on neither.)
@SuppressWarnings("unused")
final class PooledSegment extends PooledFields {

  private long p0;
  private long p1;
  private long p2;
  private long p3;
  private long p4;
  private long p5;
  private long p6;
  private int p7;
  private final byte @Nullable [] p8;

  PooledSegment(MachineAllocator<?> allocator, MemorySegment memory, int index) {
    this(allocator, memory, index, 0);
  }

  /// Makes a handle with a margin behind it.
  ///
  /// @param margin bytes, 0 for none
  PooledSegment(MachineAllocator<?> allocator, MemorySegment memory, int index, int margin) {
    super(allocator, memory, index);
    this.p8 = margin == 0 ? null : new byte[margin];
  }

  @Override
  public MemorySegment memory() {
    if (next != IN_USE) {
      throw notInUse("used");
    }
    return memory;
  }

  @Override
  public long byteSize() {
    return memory.byteSize();
  }

  @Override
  public void close() {
    allocator.free(this);
  }

  IllegalStateException notInUse(String verb) {
    return new IllegalStateException(
        "%s is not in use (freed before, or its allocator was closed): it cannot be %s"
            .formatted(this, verb));
  }

  @Override
  public String toString() {
    return "segment %d of %s".formatted(index, allocator);
  }
}
