package io.stackkit.api.segmented;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What happens in a JVM without `--enable-native-access`: each test starts one on the class path.
class NativeAccessTest {

  /// The program: one frame without permission, then an arena.
  static final class Program {

    private Program() {}

    public static void main(String[] args) {
      FakeAllocator allocator = new FakeAllocator(4096);
      try (SegmentedStack stack = SegmentedStack.on(allocator);
          StackFrame frame = stack.push()) {
        System.out.println("frame of " + frame.allocate(64).byteSize());
        try (Arena arena = stack.pushArena()) {
          System.out.println("arena of " + arena.allocate(64).byteSize());
        } catch (IllegalCallerException e) {
          System.out.println(e.getMessage());
        }
        System.out.println("depth " + stack.depth());
      }
    }
  }

  @Test
  void withoutPermissionOneMessageSaysWhatToDo() throws Exception {
    assertThat(run())
        .containsExactly(
            "frame of 64",
            "pushArena() needs native access: it gives memory the lifetime of the arena with"
                + " MemorySegment.reinterpret, which Java restricts; start java with"
                + " --enable-native-access=ALL-UNNAMED, or use push(), which needs no permission",
            "depth 1");
  }

  @Test
  void withPermissionThereIsNoWarning() throws Exception {
    assertThat(run("--enable-native-access=ALL-UNNAMED", "--illegal-native-access=deny"))
        .containsExactly("frame of 64", "arena of 64", "depth 1");
  }

  private static List<String> run(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-Xshare:auto", "-cp", classPath(), Program.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return output.lines().toList();
  }

  /// Where the classes of the module and of the tests lie, in whatever form they are run.
  private static String classPath() {
    Path tests = Path.of("target", "test-classes").toAbsolutePath();
    Path classes = Path.of("target", "classes").toAbsolutePath();
    return classes + System.getProperty("path.separator") + tests;
  }
}
