package io.stackkit.api.spi;

import java.lang.reflect.InvocationTargetException;

/// Makes freed memory leave the process.
///
/// An arena that closes hands its memory to the C library, and glibc keeps it: measured here, 256
/// MiB freed in slabs left the resident size where it was, and `malloc_trim` brought it down at
/// once. The JVM offers that call as its diagnostic command `System.trim_native_heap` (Linux with
/// glibc, since JDK 21), which the platform's MBean server runs without any flag. It is looked up
/// by reflection, because this module needs nothing but `java.base`: where there is no
/// `java.management` or no such command, pages stay with the C library, which uses them for
/// whatever is allocated next.
final class NativeHeap {

  /// The least that is worth walking the whole native heap for (some milliseconds).
  static final long WORTH_BYTES = 1 << 20;

  private NativeHeap() {}

  /// Does so if it is worth it.
  ///
  /// @param freedBytes what was handed to the C library
  static void trimAfter(long freedBytes) {
    if (freedBytes >= WORTH_BYTES) {
      trim();
    }
  }

  /// Asks the C library to give free pages back to the operating system.
  ///
  /// @return whether there was someone to ask
  static boolean trim() {
    try {
      Class<?> names = Class.forName("javax.management.ObjectName");
      Object server =
          Class.forName("java.lang.management.ManagementFactory")
              .getMethod("getPlatformMBeanServer")
              .invoke(null);
      Object commands =
          names
              .getConstructor(String.class)
              .newInstance("com.sun.management:type=DiagnosticCommand");
      Class.forName("javax.management.MBeanServer")
          .getMethod("invoke", names, String.class, Object[].class, String[].class)
          .invoke(server, commands, "systemTrimNativeHeap", new Object[0], new String[0]);
      return true;
    } catch (InvocationTargetException | ClassNotFoundException absent) {
      return false;
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the management API has changed", e);
    }
  }
}
