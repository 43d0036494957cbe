/// What implementers of an allocator use: the provider that the service loader finds, and the
/// support that the kit's own implementations stand on.
///
/// An allocator can be written from scratch against [StackAllocatorProvider] and
/// [io.stackkit.api.StackAllocator] alone. [MachineAllocator] is for designs with free lists per
/// thread: it has the hot path, Ms for platform and virtual threads, the limit, large segments,
/// trimming and closing; an implementation adds what happens when a list is empty or full.
///
/// ### Who may touch what
///
/// | field | written by | how | read by others | how |
/// |---|---|---|---|---|
/// | `Machine.head`, `fullAt`, implementers' fields | the user of the M | plain | never | |
/// | `Machine.allocations`, `frees`, `refills`, `releases`, `moved` | the user of the M | plain | statistics | acquire, opaque |
/// | `Machine.takenSegments`, `takenBatches` | whoever has the reserve's lock | opaque | statistics | opaque |
/// | `Machine.owner` | the owner-to-be under the registry's lock; close() | plain | any thread, to compare with itself | plain, opaque |
/// | `Machine.holder` | whoever takes or leaves the M's lock | compare-and-set, release | whoever tries the lock | volatile |
/// | `PooledSegment.next`, `link` | whoever took the segment out of a list, or has it in use | plain | poppers of the depot | plain, confirmed by a compare-and-set |
/// | heads of `Depot` | any | compare-and-set | any | volatile |
/// | `MachineAllocator.table`, `segments` | under the registry's lock or the reserve's | plain | any | plain; opaque in free |
///
/// *The user of an M* is the platform thread that owns it, or, for shared Ms and wherever there is
/// a limit, whoever holds its lock. One user's writes are ordered before the next one's reads by
/// the lock, or by `Thread.isAlive()` returning false. A segment's links and memory travel through
/// a depot head's compare-and-set. Counters are plain because opaque stores cost a quarter of a
/// burst's time; a reader then sees a value that was current at some moment not long ago, and the
/// exact one whenever something orders the reading after the work (a join, a queue).
///
/// Locks are taken in this order, and no M's lock is held while waiting for one of the others: the
/// reserve's, the registry's or that of the system's memory, an M's (only tried). Whoever has one
/// of them neither parks nor yields: a virtual thread that did would need a carrier to go on, and
/// may not get one for as long as others never block (see the lock's own notes).
package io.stackkit.api.spi;
