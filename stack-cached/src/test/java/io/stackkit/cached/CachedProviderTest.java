package io.stackkit.cached;

import io.stackkit.testkit.ProviderContract;

class CachedProviderTest extends ProviderContract {

  CachedProviderTest() {
    super(CachedProvider.class, "cached");
  }
}
