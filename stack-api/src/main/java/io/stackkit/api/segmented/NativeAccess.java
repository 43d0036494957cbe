package io.stackkit.api.segmented;

/// Whether this module may call restricted methods, asked before the first call: the JDK would
/// grant it with a warning on the console, in the middle of somebody's program.
final class NativeAccess {

  // never reset, so a stale false only asks once more
  private static boolean granted;

  private NativeAccess() {}

  /// Checks the permission.
  ///
  /// @throws IllegalCallerException if it is missing; the message says what to do
  static void require() {
    if (!granted) {
      ask(NativeAccess.class.getModule());
    }
  }

  private static void ask(Module module) {
    if (!module.isNativeAccessEnabled()) {
      throw new IllegalCallerException(
          ("pushArena() needs native access: it gives memory the lifetime of the arena with"
                  + " MemorySegment.reinterpret, which Java restricts; start java with"
                  + " --enable-native-access=%s, or use push(), which needs no permission")
              .formatted(module.isNamed() ? module.getName() : "ALL-UNNAMED"));
    }
    granted = true;
  }
}
