package io.stackkit.cached;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.testkit.StackAllocatorContract;

final class CachedContractTest extends StackAllocatorContract {

  @Override
  public AllocatorOptions options() {
    return AllocatorOptions.parse("cached");
  }
}
