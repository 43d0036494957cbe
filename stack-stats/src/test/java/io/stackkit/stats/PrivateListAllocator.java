package io.stackkit.stats;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.spi.LargeSegments;
import io.stackkit.api.spi.Machine;
import io.stackkit.api.spi.MachineAllocator;
import java.util.function.IntConsumer;

/// A real allocator, of the kit's own support for implementations: this module's tests see no
/// implementation. An M keeps all that is freed on it, so that segments drift from M to M.
final class PrivateListAllocator extends MachineAllocator<PrivateListAllocator.ListMachine> {

  private static final long UNBOUNDED = 1L << 62;

  PrivateListAllocator(String spec) {
    super(AllocatorOptions.parse(spec), ListMachine::new, 16, 1, new LargeSegments());
  }

  static final class ListMachine extends Machine {

    ListMachine(int id) {
      super(id, UNBOUNDED);
    }

    void add(int first, int count) {
      countMoved(count);
      setHot(first, count, UNBOUNDED);
    }

    int empty() {
      int first = hot();
      countMoved(-hotCount(UNBOUNDED));
      setHot(EMPTY, 0, UNBOUNDED);
      return first;
    }
  }

  @Override
  protected boolean refill(ListMachine machine) {
    int slab = depot().pop(0, 1);
    if (slab == Machine.EMPTY) {
      return false;
    }
    machine.add(slab, depot().count(slab));
    return true;
  }

  @Override
  protected void release(ListMachine machine) {
    throw new AssertionError("the list has no bound");
  }

  @Override
  protected void drain(ListMachine machine, IntConsumer sink) {
    for (int index = machine.empty(); index != Machine.EMPTY; ) {
      int after = depot().next(index);
      sink.accept(index);
      index = after;
    }
  }

  @Override
  protected boolean sharesIdle() {
    return false;
  }
}
