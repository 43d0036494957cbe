package io.stackkit.testkit;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackAllocators;
import java.util.function.UnaryOperator;

/// What the contract has to know of the implementation under test.
public interface AllocatorSubject {

  /// Returns the options that every test starts from: the implementation's name and whatever this
  /// subclass varies.
  AllocatorOptions options();

  /// Opens an allocator. By default as a user would, by name.
  default StackAllocator open(AllocatorOptions options) {
    return StackAllocators.open(options);
  }

  /// Whether an M keeps at most `cacheSize` segments, so that memory is bounded by the peak in use.
  default boolean boundedCaches() {
    return true;
  }

  /// Whether `trim()` gives free memory back.
  default boolean givesBack() {
    return true;
  }

  /// Whether idle memory goes back by itself after `trimIdle`.
  default boolean givesBackByItself() {
    return false;
  }

  /// Whether large segments are kept for reuse.
  default boolean cachesLarge() {
    return true;
  }

  /// The most Ms that virtual threads may share.
  default int sharedMachines() {
    return 8 * Integer.highestOneBit(2 * Runtime.getRuntime().availableProcessors());
  }

  /// Opens an allocator with the options of this subject.
  default StackAllocator open() {
    return open(options());
  }

  /// Opens an allocator with the options of this subject, changed.
  default StackAllocator openWith(UnaryOperator<AllocatorOptions.Builder> change) {
    return open(change.apply(options().toBuilder()).build());
  }

  /// Opens an allocator that may obtain at most so many fixed-size segments' bytes.
  default StackAllocator openLimited(long segments) {
    return openWith(o -> o.maxBytes(segments * options().segmentSize()));
  }
}
