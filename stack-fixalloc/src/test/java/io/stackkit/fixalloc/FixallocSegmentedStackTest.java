package io.stackkit.fixalloc;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.testkit.SegmentedStackContract;

class FixallocSegmentedStackTest extends SegmentedStackContract {

  FixallocSegmentedStackTest() {
    super(AllocatorOptions.parse("fixalloc"), 0);
  }
}
