package io.stackkit.fixalloc;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.testkit.StackAllocatorContract;

final class FixallocContractTest extends StackAllocatorContract {

  @Override
  public AllocatorOptions options() {
    return AllocatorOptions.parse("fixalloc");
  }

  @Override
  public boolean boundedCaches() {
    return false;
  }

  @Override
  public boolean givesBack() {
    return false;
  }

  @Override
  public boolean cachesLarge() {
    return false;
  }
}
