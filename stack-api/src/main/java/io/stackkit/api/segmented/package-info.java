/// Stacks that grow by segments, and the frames on them: scratch memory for code that calls native
/// functions, and for whoever keeps a stack of their own.
///
/// | you have | you take |
/// |---|---|
/// | a place to keep a stack for each thread | [io.stackkit.api.segmented.SegmentedStack] |
/// | nothing, and want one line | [io.stackkit.api.segmented.StackPool] |
/// | memory that only your thread touches, and trust in your own code | `push()` |
/// | code that takes an [java.lang.foreign.Arena], or memory that must be dead afterwards | `pushArena()` |
package io.stackkit.api.segmented;
