package io.stackkit.api.spi;

/// An allocator that can be opened by its name: the service that an implementation provides.
public interface StackAllocatorProvider {

  /// {@return the name by which options ask for this allocator}
  String name();

  /// {@return what this allocator is good for, in one line}
  String description();
}
