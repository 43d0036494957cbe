package io.stackkit.api.spi;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackAllocator;

/// Makes allocators of one implementation. Found by [java.util.ServiceLoader]; an implementation
/// module names it both in its module descriptor and under `META-INF/services`. Any thread may call
/// these methods, several at once.
public interface StackAllocatorProvider {

  /// Returns the name that options call this implementation by.
  ///
  /// @return a word, unique among the implementations of an application
  String name();

  /// Returns in one line what distinguishes this implementation, for lists and error messages.
  ///
  /// @return a phrase
  String description();

  /// Opens an allocator.
  ///
  /// @param options checked options whose `allocator` is [#name()]
  /// @return an open allocator that the caller closes
  /// @throws IllegalArgumentException if this implementation cannot honour an option
  StackAllocator create(AllocatorOptions options);
}
