package io.stackkit.api.spi;

import io.stackkit.api.StackSegment;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/// The handle of a segment above the fixed size. Made by [LargeSegments].
public final class LargeSegment extends StackSegment {

  private final MachineAllocator<?> allocator;
  private final SystemMemory.Block block;
  private final AtomicBoolean inUse = new AtomicBoolean();

  LargeSegment(MachineAllocator<?> allocator, SystemMemory.Block block) {
    this.allocator = allocator;
    this.block = block;
  }

  @Override
  public MemorySegment memory() {
    if (!inUse.get()) {
      throw notInUse("used");
    }
    return block.memory();
  }

  @Override
  public long byteSize() {
    return block.memory().byteSize();
  }

  @Override
  public void close() {
    allocator.free(this);
  }

  MachineAllocator<?> allocator() {
    return allocator;
  }

  SystemMemory.Block block() {
    return block;
  }

  void acquire() {
    inUse.set(true);
  }

  /// Ends the use of this handle; exactly one of several threads succeeds.
  ///
  /// @throws IllegalStateException if it is not in use
  void release() {
    if (!inUse.compareAndSet(true, false)) {
      throw notInUse("freed");
    }
  }

  private IllegalStateException notInUse(String verb) {
    return new IllegalStateException(
        "%s is not in use (freed before): it cannot be %s".formatted(this, verb));
  }

  @Override
  public String toString() {
    return "large segment of %d bytes of %s".formatted(byteSize(), allocator);
  }
}
