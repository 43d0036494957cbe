package io.stackkit.bench.workload;

import io.stackkit.bench.peer.BlockSource;
import io.stackkit.bench.peer.Contender;
import io.stackkit.bench.peer.Hand;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// The source of blocks that all threads of a benchmark share.
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class SharedSource extends SharedState {

  /// What is measured, as [Contender#parse(String)] reads it.
  @Param("cached")
  public String contender;

  BlockSource source;

  /// Opens the source.
  @Setup(Level.Trial)
  public void open() {
    source = Contender.parse(contender).openBlocks();
  }

  @Override
  void close() {
    Figures.atTheEnd(source.sysBytes(), source.machines()).publish();
    source.close();
  }

  /// Returns a new hand for the calling thread, which leaves when it has closed it.
  Hand enterWithHand() {
    enter();
    return source.hand();
  }
}
