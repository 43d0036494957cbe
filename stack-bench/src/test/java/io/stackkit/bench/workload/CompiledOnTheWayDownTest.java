package io.stackkit.bench.workload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackAllocators;
import io.stackkit.api.segmented.SegmentedStack;
import io.stackkit.api.segmented.StackFrame;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A recursion that C2 compiles while it has not come back yet. The test starts a JVM in which
/// compiling blocks the program, so that it happens where it is meant to. It is here since only
/// this module may ask the JVM what a thread has allocated.
class CompiledOnTheWayDownTest {

  /// Recurses, after frames were closed elsewhere, and says what a level leaves on the heap.
  static final class Program {

    private static final int DEPTH = 1000;
    private static final int FRAMES = 20_000;
    private static final int ROUNDS = 500;

    private static int descents;

    private Program() {}

    public static void main(String[] args) {
      AllocatorOptions options = AllocatorOptions.parse("cached,segmentSize=64k");
      try (StackAllocator allocator = StackAllocators.open(options);
          SegmentedStack stack = SegmentedStack.on(allocator)) {
        for (int i = 0; i < FRAMES; i++) {
          stack.push().close();
        }
        // the compiler sees its bottom, but no way back
        descents = 20;
        recurse(stack, DEPTH);
        long before = allocated();
        for (int i = 0; i < ROUNDS; i++) {
          recurse(stack, DEPTH);
        }
        System.out.println((allocated() - before) / (ROUNDS * DEPTH));
      }
    }

    private static void recurse(SegmentedStack stack, int levels) {
      try (StackFrame frame = stack.push()) {
        frame.allocate(1, 1);
        if (levels > 1) {
          recurse(stack, levels - 1);
        } else if (descents > 0) {
          descents--;
          recurse(stack, DEPTH);
        }
      }
    }

    private static long allocated() {
      return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
  }

  @Test
  void leavesNoFrameOnTheHeap() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    List<String> command =
        List.of(java, "-Xbatch", "-Xss64m", "-cp", classes, Program.class.getName());

    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();

    assertThat(output.lines()).containsExactly("0");
  }
}
