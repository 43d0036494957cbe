package io.stackkit.bench.workload;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Setup;

/// What all threads of a benchmark share. It is closed by the last thread that leaves: JMH tears
/// states of all threads down while some threads still tear down their own.
///
/// In a program that has run for a while the handles of segments and the Ms are old objects, and a
/// store into an old object costs other garbage collection barriers than one into a young object.
/// So a collection before every iteration, not measured, promotes what the iterations before it
/// made; the first of them only warms up.
public abstract class SharedState {

  private final AtomicInteger users = new AtomicInteger();

  /// Lets what lives long grow old.
  @Setup(Level.Iteration)
  public final void promote() {
    System.gc();
  }

  /// Tells that a thread uses this, from its set-up on.
  final void enter() {
    users.incrementAndGet();
  }

  /// Tells that a thread has closed its own part.
  final void leave() {
    if (users.decrementAndGet() == 0) {
      close();
    }
  }

  /// Publishes what is held, and closes it.
  abstract void close();
}
