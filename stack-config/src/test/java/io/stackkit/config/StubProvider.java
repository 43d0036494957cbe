package io.stackkit.config;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.spi.StackAllocatorProvider;
import java.lang.reflect.Proxy;

/// Provides an allocator that knows only its options.
public final class StubProvider implements StackAllocatorProvider {

  /// For the service loader.
  public StubProvider() {}

  @Override
  public String name() {
    return "stub";
  }

  @Override
  public String description() {
    return "for tests";
  }

  @Override
  public StackAllocator create(AllocatorOptions options) {
    return (StackAllocator)
        Proxy.newProxyInstance(
            StubProvider.class.getClassLoader(),
            new Class<?>[] {StackAllocator.class},
            (proxy, method, arguments) -> method.getName().equals("options") ? options : null);
  }
}
