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

// HOW IT WORKS: StackCore
//
// Layout. Frames of one stack lie one behind the other in a segment, the newest at the highest
// address. The hot state is three numbers: the offset that is free (sp) in the current segment,
// the index of that segment, and which frame is innermost (top). A push keeps sp and top in a
// frame object, an allocation moves sp, a close brings both back.
//
// Frames are values. A frame object is made by a push, never changes, and the stack does not
// refer to it; so the compiler takes it apart where push and close are in one method, and nothing
// is allocated. It also tells a closed frame from the open one of the same depth. Objects made
// once for each depth, found in an array, cost some 2 ns more.
// What a frame keeps has to live across the recursion, in registers that C2 has too few of. So
// the id of the next frame is a field, moved on by one addition, and not put together from a
// count and a depth, and a close asks the depth of the frame below, which it brings back anyway:
// 1.14 and 1.10 times LWJGL's SegmentStack at depth 1 and 10, before that 1.21 and 1.18 (the
// benchmarks' `--paired --workload frames1,frames10 --allocators lwjgl-segment-stack
// cached,segmentSize=64k`).
//
// Growth. An allocation that does not fit calls for the next segment (Go's morestack). What
// closing the frame has to undo is noted in a stack of its own, marks. Closing that frame makes
// the old segment current again and gives the others back (Go's lessstack). What was allocated
// never moves. The rest of the old segment stays empty meanwhile, as in Go: a frame that took a
// segment goes on in it.
//
// The hot split. In Go 1.1 a call in a loop, just at the edge of a segment, paid for a segment
// taken and given back in every turn, which is why Go 1.4 gave up segments for stacks that are
// copied. Native code holds addresses into our frames, so nothing can be copied. Instead one
// segment is kept beyond the current one. It goes back when the outermost frame closes, so the
// price is bounded: one segment, and only while the stack is in use. Moving to the spare and back
// is inlined, all of it in take and pop: as methods of their own its conditions were calls where
// they were met seldom.
//
// The first segment is taken by the first allocation and stays: a stack that is used again and
// again does not bother the allocator. Frames that were open before it was there start NOWHERE,
// and closing them frees it from its beginning.
//
// Where there is no spare yet, or none is kept, deep recursion does one thing over and over: a
// frame takes one fresh segment, and one goes back when it closes. takeSlowly and popSlowly begin
// with that case, whole and apart. Both go through what large segments, surplus, zeroing and
// alignment need for everything else only: there C2 has more values alive than registers.
//
// One slice. Memory is handed out by one asSlice where all paths have joined. If each path had
// its own, the compiler would have to merge two objects, could not keep the result out of the
// heap, and every allocation would make garbage.
//
// Inlining. Where frames often meet the edge of a segment, the way off the fast path is taken
// more than once in four calls, and HotSpot's C2 inlines whatever has at most 325 bytes of
// bytecode there. Then the fast path is more than 2,500 bytes of machine code and is not inlined
// itself, or it is, depending on what was compiled first: the commit's recursion took twice as
// long in one JVM of four. So takeSlowly and popSlowly are one long method each, above that
// size.
//
// A recursion that is compiled on its way down has hardly closed a frame yet, and what was called
// less than once in a hundred times C2 does not inline, unless it has at most six bytes of
// bytecode. A frame that is handed to a call is on the heap: 40 bytes for each level and up to
// twice as long, for good. So StackFrame.close() is one call, of pop(), which is called each time
// that close() is: no bytes are on the heap then, where close() of 20 bytes left 40 (the
// benchmarks' CompiledOnTheWayDownTest). For that the JVM must have closed some thousand frames
// before, anywhere. One that begins with such a recursion still has frames on the heap; only a
// program can see to that. An arena's frame is on the heap there in any case.
//
// What is done once in a while by a method that is to be inlined must not be inlined into it:
// where SegmentChain.append() had taken in two Arrays.copyOf() it was 3,900 bytes of machine code,
// takeSlowly() called it, and deep recursion took 1.2 times as long: in two JVMs of six (the
// benchmarks' `--paired --workload deep --threads 32 --allocators fixalloc cached --forks 6` with
// `JDK_JAVA_OPTIONS='-XX:+UnlockDiagnosticVMOptions -XX:+LogCompilation -XX:LogFile=%p.log'`). The
// method for it, enlarge(), has more than 35 bytes. A test looks at all these sizes.
//
// Errors. Everything is checked before anything changes. Callers recurse deeply here, so a
// StackOverflowError may come at any call: methods make their calls first and then store, and
// SegmentChain records memory before it is used.
//
// Sources: the runtime of Go 1.1, stack.c and asm_amd64.s (morestack, lessstack); K. Randall,
// "Contiguous stacks" (2013), for the hot split; JDK 25, jdk.internal.foreign.BufferStack, for
// the order that is checked before anything changes.
