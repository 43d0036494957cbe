package io.stackkit.api;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The handle of one allocation of a [CheckedStackAllocator]; never used for another.
final class CheckedSegment extends StackSegment {

  final CheckedStackAllocator owner;
  final StackSegment inner;
  final MemorySegment memory;
  final AllocationSite site;

  /// Where this was freed, once it was.
  private final AtomicReference<@Nullable AllocationSite> freedAt = new AtomicReference<>();

  CheckedSegment(
      CheckedStackAllocator owner, StackSegment inner, MemorySegment memory, AllocationSite site) {
    this.owner = owner;
    this.inner = inner;
    this.memory = memory;
    this.site = site;
  }

  /// Marks this as free, once.
  ///
  /// @throws IllegalStateException if it was freed before; nothing has changed then
  void markFreed(AllocationSite now) {
    AllocationSite before = freedAt.compareAndExchange(null, now);
    if (before != null) {
      throw new IllegalStateException(
          "double free of %s, freed by %s; now again by %s".formatted(this, before, now));
    }
  }

  @Override
  public MemorySegment memory() {
    AllocationSite freed = freedAt.get();
    if (freed != null) {
      throw new IllegalStateException(
          "use after free of %s, freed by %s; now used by %s"
              .formatted(this, freed, AllocationSite.here()));
    }
    if (owner.isClosed()) {
      throw owner.closed();
    }
    return memory;
  }

  @Override
  public long byteSize() {
    return memory.byteSize();
  }

  @Override
  public void close() {
    owner.free(this);
  }

  @Override
  public String toString() {
    return "segment of %s at 0x%x, allocated by %s"
        .formatted(ByteSizes.format(byteSize()), memory.address(), site);
  }
}
