package io.stackkit.api.segmented;

/// Explains why a frame or a stack refuses. Frames are refused while a [StackOverflowError]
/// unwinds, too, and then the first use of a formatter would leave its classes unusable in this JVM
/// for good; so messages are joined by hand.
final class Refusal {

  private Refusal() {}

  /// What a plain frame is called.
  static String name(long id) {
    return "frame at depth ".concat(Integer.toString((int) id));
  }

  /// Explains why a plain frame was refused. It has its id only: a frame itself, where it was
  /// handed on, would have to be on the heap.
  static RuntimeException of(StackCore stack, long id, String verb) {
    return of(stack, name(id), (int) id, verb);
  }

  /// Explains why a frame was refused; called when it is known to be wrong.
  ///
  /// @param stack its stack
  /// @param frame what was used
  /// @param depth its depth
  /// @param verb what it was to do
  /// @return what to throw
  static RuntimeException of(StackCore stack, Object frame, int depth, String verb) {
    Thread owner = stack.owner;
    if (owner != null && owner != Thread.currentThread()) {
      return wrongThread(owner);
    }
    int innermost = (int) stack.top;
    if (owner == null || depth >= innermost) {
      return new IllegalStateException(join(frame, " is closed: it cannot ", verb));
    }
    return new IllegalStateException(
        join(
            frame,
            " cannot ",
            verb,
            stack.top == stack.arena ? ": the arena" : ": the frame",
            " at depth ",
            innermost,
            " is open on top of it; close frames in reverse order, innermost first, each once"));
  }

  /// Refuses a request for memory that makes no sense.
  static void checkRequest(long byteSize, long byteAlignment) {
    if (byteSize < 0) {
      throw new IllegalArgumentException(join("byteSize: ", byteSize, " (must be >= 0)"));
    }
    if (Long.bitCount(byteAlignment) != 1 || byteAlignment < 0) {
      throw new IllegalArgumentException(
          join("byteAlignment: ", byteAlignment, " (must be a power of two)"));
    }
  }

  static WrongThreadException wrongThread(Thread owner) {
    return new WrongThreadException(
        join(
            "this stack belongs to ",
            owner,
            ", not to ",
            Thread.currentThread(),
            "; make one for each thread"));
  }

  private static String join(Object... parts) {
    StringBuilder message = new StringBuilder();
    for (Object part : parts) {
      message.append(part);
    }
    return message.toString();
  }
}
