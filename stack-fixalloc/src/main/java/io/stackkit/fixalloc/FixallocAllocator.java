package io.stackkit.fixalloc;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.spi.LargeSegments;
import io.stackkit.api.spi.Machine;
import io.stackkit.api.spi.MachineAllocator;
import java.util.function.IntConsumer;

/// The Go runtime's stack allocator as it was before January 2013: a free list per M without a
/// bound.
///
/// Allocating pops the M's list, newest first; when the list is empty the M takes a chunk of 128
/// KiB from the system and hands it out piece by piece. Freeing pushes. There is no lock and no
/// sharing: as fast as can be while segments stay with their M. That is its fault, too: a segment
/// freed on another M joins *that* M's list for good, while the M that allocated it goes on taking
/// chunks. Memory grows with the number of Ms times their peak and never goes back.
///
/// Go kept what is left of a chunk apart from the list and looked there when the list was empty.
/// Here the whole fresh chunk becomes the (empty) list, which hands out the same segments in the
/// same order with one compare less.
///
/// Only at `maxBytes` does an M's list serve another: without that the limit would be reached with
/// most memory idle.
final class FixallocAllocator extends MachineAllocator<FixallocMachine> {

  /// Go's FixAllocChunk.
  private static final int CHUNK_BYTES = 128 << 10;

  FixallocAllocator(AllocatorOptions options) {
    super(
        options,
        FixallocMachine::new,
        Math.max(1, CHUNK_BYTES / options.segmentSize()),
        1,
        new LargeSegments());
  }

  @Override
  protected boolean refill(FixallocMachine machine) {
    int chunk = depot().pop(0, 1);
    if (chunk == Machine.EMPTY) {
      return false;
    }
    machine.addChunk(chunk, depot().count(chunk));
    return true;
  }

  @Override
  protected void release(FixallocMachine machine) {
    throw new AssertionError("the list has no bound");
  }

  @Override
  protected void drain(FixallocMachine machine, IntConsumer sink) {
    machine.drain(depot(), sink);
  }

  @Override
  protected boolean sharesIdle() {
    return false;
  }
}
