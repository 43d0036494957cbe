package io.stackkit.api;

import java.util.List;

/// A thread-safe source of fixed-size blocks of off-heap memory, called *stack segments*; unlike
/// LWJGL's class of the same name, it is not a push/pop scratch allocator but what such stacks are
/// built upon (see [io.stackkit.api.segmented.SegmentedStack] for the scratch allocator of this
/// kit).
///
/// Every segment of an allocator has the same size, [AllocatorOptions#segmentSize()]. Requests for
/// more than that are served by a *large segment* that counts apart (see [#large()]).
///
/// ### Threads
///
/// Every method may be called by any thread, platform or virtual, and a segment may be freed by
/// another thread than the one that allocated it. Handing a segment from one thread to another
/// needs the usual publication (a queue, a lock, a volatile field). Free segments are kept per
/// *machine* (M), as in the Go runtime: a platform thread has an M of its own while it lives, and
/// virtual threads share a fixed set of them. See [MachineStats].
///
/// ### Memory
///
/// A recycled segment holds whatever its last user left in it unless [AllocatorOptions#zeroing()]
/// says otherwise. Memory comes from [java.lang.foreign.Arena]s: an access after [#close()] throws,
/// it never crashes the JVM.
public interface StackAllocator extends AutoCloseable {

  /// Hands out a segment of [AllocatorOptions#segmentSize()] bytes.
  ///
  /// @return a segment that belongs to the caller until it is freed
  /// @throws StackExhaustedException if [AllocatorOptions#maxBytes()] or the operating system
  ///   refuses more memory and nothing idle could be taken back; the allocator stays usable
  /// @throws IllegalStateException if this allocator is closed
  StackSegment allocate();

  /// Hands out a segment of at least `byteSize` bytes: a fixed-size one when it is large enough,
  /// else a large one. The allocators of this kit round the size of a large one up to a power of
  /// two, and all of that counts against [AllocatorOptions#maxBytes()].
  ///
  /// @param byteSize the bytes that are needed, at least 1
  /// @return a segment that belongs to the caller until it is freed
  /// @throws IllegalArgumentException if `byteSize` is less than 1 or more than 1 TiB
  /// @throws StackExhaustedException as in [#allocate()]
  /// @throws IllegalStateException if this allocator is closed
  StackSegment allocate(long byteSize);

  /// Gives a segment back. The caller must not touch its memory afterwards.
  ///
  /// A double free is found while the segment is free. Once it was handed out again, or where two
  /// threads free it at the same moment, only an allocator with [AllocatorOptions#checked()] finds
  /// it for certain.
  ///
  /// @param segment a segment that this allocator handed out and that is in use
  /// @throws IllegalArgumentException if another allocator handed it out
  /// @throws IllegalStateException if the segment is found not to be in use (a double free) or this
  ///   allocator is closed; nothing has changed then
  void free(StackSegment segment);

  /// Returns a view of this allocator for the calling thread, which saves the search for the
  /// thread's M on every call.
  ///
  /// The view belongs to the calling thread; for other threads it is merely no faster than the
  /// allocator itself. [io.stackkit.api.segmented.SegmentedStack] works this way.
  ///
  /// @return a view that is as good as this allocator, and faster for the calling platform thread
  /// @throws IllegalStateException if this allocator is closed
  default LocalAllocator local() {
    return new LocalAllocator.Direct(this);
  }

  /// Keeps the memory of this allocator from going back to the system when it is closed, until the
  /// lease ends. For those who hand out addresses that nobody checks, such as
  /// [io.stackkit.api.segmented.SegmentedStack#pushArena()]. Nothing else changes: a closed
  /// allocator hands out no segments.
  ///
  /// @return a lease that the caller closes
  /// @throws IllegalStateException if this allocator is closed
  /// @throws UnsupportedOperationException if this allocator cannot do that
  default MemoryLease lease() {
    throw new UnsupportedOperationException(
        "%s gives no lease on its memory, which arenas on a stack need; use push()"
            .formatted(this));
  }

  /// Returns the options that this allocator was made with, defaults filled in.
  ///
  /// @return the options in force
  AllocatorOptions options();

  /// Returns the figures of every M that was ever used (Go: `allm`). Safe at any time; the figures
  /// of one M are taken together, those of different Ms one after the other.
  ///
  /// @return one record per M, by ascending id
  List<MachineStats> machines();

  /// Returns the bytes of fixed-size segments obtained from the system and not given back (Go:
  /// `stacks_sys`): in use, cached by Ms, and in shared lists together. After [#close()], whatever
  /// is still held, by a [#lease()] or a native call.
  ///
  /// @return bytes
  long sysBytes();

  /// Returns the figures of the segments that are larger than [AllocatorOptions#segmentSize()].
  /// They are not part of [#sysBytes()] and [#machines()].
  ///
  /// @return the figures now
  default LargeStats large() {
    return LargeStats.NONE;
  }

  /// Gives memory that is not in use back to the operating system, as far as whole slabs are free
  /// and no other thread's private cache holds a part of them. Other threads may go on meanwhile.
  ///
  /// @return the bytes that were given back, 0 if the design never gives back
  /// @throws IllegalStateException if this allocator is closed
  long trim();

  /// Gives all memory back to the system. Closing twice has no effect; where two threads close at
  /// once, one of them does it, and the other may return before it is done. Other threads that
  /// allocate meanwhile get an [IllegalStateException].
  ///
  /// @throws IllegalStateException if segments were still in use; everything has been released all
  ///   the same, but for what a native call is using, and the message says how many there were
  @Override
  void close();
}
