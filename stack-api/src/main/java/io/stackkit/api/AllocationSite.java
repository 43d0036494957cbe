package io.stackkit.api;

import java.util.List;

/// The place in the caller's code where something was done, and the thread that did it.
///
/// @param thread the thread's name, or its number where it has none
/// @param frames the innermost calls outside this kit's own plumbing, the innermost first
record AllocationSite(String thread, List<String> frames) {

  /// Enough to see past a helper to the caller that forgot something.
  private static final int FRAMES = 4;

  private static final StackWalker WALKER = StackWalker.getInstance();

  private static final List<String> PLUMBING =
      List.of(
          CheckedStackAllocator.class.getName(),
          CheckedSegment.class.getName(),
          AllocationSite.class.getName(),
          LocalAllocator.class.getName());

  /// Returns the place that called into the kit.
  static AllocationSite here() {
    List<String> frames =
        WALKER.walk(
            calls ->
                calls
                    .dropWhile(AllocationSite::isPlumbing)
                    .limit(FRAMES)
                    .map(frame -> frame.toStackTraceElement().toString())
                    .toList());
    Thread thread = Thread.currentThread();
    String name = thread.getName();
    return new AllocationSite(name.isEmpty() ? "#" + thread.threadId() : name, frames);
  }

  private static boolean isPlumbing(StackWalker.StackFrame frame) {
    String name = frame.getClassName();
    int nested = name.indexOf('$');
    return PLUMBING.contains(nested < 0 ? name : name.substring(0, nested));
  }

  @Override
  public String toString() {
    return "thread %s at %s".formatted(thread, String.join(" < ", frames));
  }
}
