package io.stackkit.bench.workload;

/// The sleep of 1 ms that keeps threads alive beside each other, as the commit's test has it.
final class Pause {

  private Pause() {}

  static void millisecond() {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring", e);
    }
  }
}
