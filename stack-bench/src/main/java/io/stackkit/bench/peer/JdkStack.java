package io.stackkit.bench.peer;

import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// The JDK's internal `BufferStack`, which its own downcalls use. Reached by method handles, as no
/// program is compiled against it; the JVM that measures needs [#EXPORT].
final class JdkStack implements ArenaScratch.Opener {

  /// The JVM option without which the class cannot be reached.
  static final String EXPORT = "--add-exports=java.base/jdk.internal.foreign=ALL-UNNAMED";

  private static final MethodHandle PUSH_FRAME;
  private static final MethodHandle OF;

  static {
    try {
      Class<?> type = Class.forName("jdk.internal.foreign.BufferStack");
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      OF =
          lookup
              .findStatic(type, "of", MethodType.methodType(type, long.class))
              .asType(MethodType.methodType(Object.class, long.class));
      PUSH_FRAME =
          lookup
              .findVirtual(type, "pushFrame", MethodType.methodType(Arena.class, long.class))
              .asType(MethodType.methodType(Arena.class, Object.class, long.class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "jdk-bufferstack: not to be reached in this JVM; start it with " + EXPORT, e);
    }
  }

  private final Object stack;

  JdkStack(long byteSize) {
    try {
      this.stack = OF.invokeExact(byteSize);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Arena open(long byteSize) {
    try {
      // Room for the alignment of what is allocated in it.
      return (Arena) PUSH_FRAME.invokeExact(stack, byteSize + Long.BYTES);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
