package io.stackkit.bench.workload;

import java.util.concurrent.atomic.AtomicBoolean;

/// One of two contenders that do the same in turn in one JVM.
///
/// This interface is the one class of the benchmarks that both lanes and [PairedBenchmark] share;
/// everything else, the kit included, each lane has loaded for itself.
public interface Lane extends AutoCloseable {

  /// Opens the calling thread's own part.
  ///
  /// @return a worker that only this thread uses and closes
  Worker worker();

  /// Returns the bytes obtained from the system and not given back.
  ///
  /// @return bytes, or -1 where the contender does not tell
  long sysBytes();

  /// Returns the number of Ms.
  ///
  /// @return Ms, or -1 where there is no such thing
  int machines();

  /// Gives everything back after all workers were closed.
  @Override
  void close();

  /// A thread's part.
  interface Worker extends AutoCloseable {

    /// Does the workload over and over.
    ///
    /// @param stop tells when it is enough
    /// @return how often it was done
    long run(AtomicBoolean stop);

    @Override
    void close();
  }
}
