package io.stackkit.testkit;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.CheckedStackAllocator;
import io.stackkit.api.StackAllocator;

/// The wrapper keeps the contract of what it wraps.
final class CheckedContractTest extends StackAllocatorContract {

  @Override
  public AllocatorOptions options() {
    return AllocatorOptions.parse("reference,checked=true");
  }

  @Override
  public StackAllocator open(AllocatorOptions options) {
    return CheckedStackAllocator.over(new ReferenceAllocator(options));
  }

  @Override
  public boolean cachesLarge() {
    return false;
  }
}
