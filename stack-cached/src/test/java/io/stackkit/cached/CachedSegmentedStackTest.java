package io.stackkit.cached;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.testkit.SegmentedStackContract;

class CachedSegmentedStackTest extends SegmentedStackContract {

  CachedSegmentedStackTest() {
    super(AllocatorOptions.parse("cached,adaptive=0"), 20);
  }
}
