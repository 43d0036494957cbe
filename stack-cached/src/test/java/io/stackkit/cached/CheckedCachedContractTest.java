package io.stackkit.cached;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.testkit.StackAllocatorContract;

/// The same under the wrapper that `checked` puts around it.
final class CheckedCachedContractTest extends StackAllocatorContract {

  @Override
  public AllocatorOptions options() {
    return AllocatorOptions.parse("cached,checked=true");
  }
}
