package io.stackkit.bench.peer;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The few functions of the C library that benchmarks call. Needs native access.
@SuppressWarnings("restricted") // calling native code is what these benchmarks are about
public final class Libc {

  /// `struct timespec` where `time_t` and `long` have 64 bits.
  public static final StructLayout TIMESPEC =
      MemoryLayout.structLayout(
          ValueLayout.JAVA_LONG.withName("tv_sec"), ValueLayout.JAVA_LONG.withName("tv_nsec"));

  /// `ldiv_t`, which `ldiv` returns by value.
  public static final StructLayout LDIV =
      MemoryLayout.structLayout(
          ValueLayout.JAVA_LONG.withName("quot"), ValueLayout.JAVA_LONG.withName("rem"));

  /// All memory there is, for what is known by its address only.
  private static final MemorySegment EVERYTHING = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  private static final int CLOCK_MONOTONIC =
      System.getProperty("os.name").startsWith("Mac") ? 6 : 1;

  /// These return at once and call nothing back, so that the JVM need not leave its state.
  private static final MethodHandle MALLOC =
      find(
          "malloc",
          FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
          Linker.Option.critical(false));

  private static final MethodHandle FREE =
      find("free", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG), Linker.Option.critical(false));

  private static final MethodHandle CLOCK_GETTIME =
      find(
          "clock_gettime",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS),
          Linker.Option.critical(false));

  private static final MethodHandle LDIV_CALL =
      find(
          "ldiv",
          FunctionDescriptor.of(LDIV, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
          Linker.Option.critical(false));

  private Libc() {}

  private static MethodHandle find(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
  }

  static long malloc(long byteSize) {
    try {
      long address = (long) MALLOC.invokeExact(byteSize);
      if (address == 0) {
        throw new OutOfMemoryError("malloc(" + byteSize + ")");
      }
      return address;
    } catch (Throwable e) {
      throw sneaky(e);
    }
  }

  static void free(long address) {
    try {
      FREE.invokeExact(address);
    } catch (Throwable e) {
      throw sneaky(e);
    }
  }

  static void putLong(long address, long value) {
    LONG.set(EVERYTHING, address, value);
  }

  static long getLong(long address) {
    return (long) LONG.get(EVERYTHING, address);
  }

  static MemorySegment memory(long address, long byteSize) {
    return MemorySegment.ofAddress(address).reinterpret(byteSize);
  }

  /// Reads the monotonic clock.
  ///
  /// @param timespec 16 bytes to write to
  /// @return the nanoseconds within the second
  static long clock(MemorySegment timespec) {
    try {
      int error = (int) CLOCK_GETTIME.invokeExact(CLOCK_MONOTONIC, timespec);
      if (error != 0) {
        throw new IllegalStateException("clock_gettime returned " + error);
      }
      return timespec.get(ValueLayout.JAVA_LONG, 8);
    } catch (Throwable e) {
      throw sneaky(e);
    }
  }

  /// Divides, with a result that comes back as a struct in memory of the caller's choice.
  ///
  /// @param scratch where the struct goes
  /// @return quotient plus remainder
  static long ldiv(SegmentAllocator scratch, long dividend, long divisor) {
    try {
      MemorySegment result = (MemorySegment) LDIV_CALL.invokeExact(scratch, dividend, divisor);
      return result.get(ValueLayout.JAVA_LONG, 0) + result.get(ValueLayout.JAVA_LONG, 8);
    } catch (Throwable e) {
      throw sneaky(e);
    }
  }

  /// A downcall declares every throwable and throws none of its own.
  private static RuntimeException sneaky(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
  }
}
