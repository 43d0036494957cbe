package io.stackkit.bench.peer;

/// What a workload asks of a contender.
public enum Need {
  /// The kit's own segmented stacks, without a spare segment.
  GROWTH,
  /// Blocks that the thread which took them frees, newest first.
  OWN_BLOCKS,
  /// Blocks that may be freed in any order, by another thread, and outlive the thread that took
  /// them.
  SHARED_BLOCKS,
  /// Blocks for any number of threads that come and go; each frees its own.
  MANY_THREADS,
  /// Scratch memory in frames.
  SCRATCH
}
