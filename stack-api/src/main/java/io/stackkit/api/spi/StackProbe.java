package io.stackkit.api.spi;

/// Makes sure that there is room on the Java stack before work that must not be torn by a
/// `StackOverflowError`.
final class StackProbe {

  // Deeper than any path that it guards, taking memory from the system or from another M included;
  // some 10 to 25 KiB of stack. Where nothing is inlined, 128 were too few.
  private static final int FRAMES = 256;

  /// Deeper than filling a segment.
  private static final int FEW_FRAMES = 48;

  private StackProbe() {}

  /// Throws a [StackOverflowError] now if one is near.
  static void ensureRoom() {
    if (descend(FRAMES) < 0) {
      throw new AssertionError();
    }
  }

  /// The same before work that takes no more than filling memory.
  static void ensureSomeRoom() {
    if (descend(FEW_FRAMES) < 0) {
      throw new AssertionError();
    }
  }

  // not a tail call, and with a few values alive, so that frames stay frames
  private static int descend(int frames) {
    return frames == 0 ? 0 : descend(frames - 1) + (frames & 1);
  }
}
