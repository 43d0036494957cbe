package io.stackkit.testkit;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackAllocator;

/// Shows that the contract can be kept.
final class ReferenceContractTest extends StackAllocatorContract {

  @Override
  public AllocatorOptions options() {
    return AllocatorOptions.parse("reference");
  }

  @Override
  public StackAllocator open(AllocatorOptions options) {
    return new ReferenceAllocator(options);
  }

  @Override
  public boolean cachesLarge() {
    return false;
  }
}
