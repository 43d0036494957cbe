package io.stackkit.bench.peer;

/// One thread's scratch memory, taken and given back in frames. Belongs to the thread that opened
/// it.
public interface Scratch extends AutoCloseable {

  /// Bytes that every level of a recursion takes.
  int FRAME_BYTES = 512;

  /// Room that peers of a fixed size are made with: 1024 levels and some.
  int FIXED_BYTES = 1 << 20;

  /// Opens a frame that stays open below all others until [#close()].
  ///
  /// @param byteSize its size
  void base(long byteSize);

  /// Recurses: on each level a frame is opened, [#FRAME_BYTES] taken from it and touched, and the
  /// frame closed after the levels below it.
  ///
  /// @param levels how many, at least 1
  /// @return a sum that depends on the memory of every level
  long recurse(int levels);

  /// Calls `clock_gettime` with a `timespec` in a frame of its own.
  ///
  /// @return nanoseconds within the second
  long clock();

  /// Calls `ldiv`, whose result comes back by value into a frame of its own.
  ///
  /// @param dividend what to divide
  /// @param divisor by what, not 0
  /// @return quotient plus remainder
  long ldiv(long dividend, long divisor);

  @Override
  void close();
}
