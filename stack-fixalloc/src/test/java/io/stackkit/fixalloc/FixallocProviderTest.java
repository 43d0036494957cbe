package io.stackkit.fixalloc;

import io.stackkit.testkit.ProviderContract;

class FixallocProviderTest extends ProviderContract {

  FixallocProviderTest() {
    super(FixallocProvider.class, "fixalloc");
  }
}
