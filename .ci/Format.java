import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Runs google-java-format over every Java source of the project, from its root: `check` names the
/// files that are not formatted and fails, `write` formats them.
final class Format {

  private Format() {}

  public static void main(String[] args) throws Exception {
    boolean write =
        switch (args[0]) {
          case "check" -> false;
          case "write" -> true;
          default -> throw new IllegalArgumentException("mode: " + args[0] + " (check or write)");
        };
    Stream<String> options =
        write ? Stream.of("--replace") : Stream.of("--dry-run", "--set-exit-if-changed");

    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    int status =
        new Main(out, err, System.in)
            .format(Stream.concat(options, sources().stream()).toArray(String[]::new));
    out.flush();
    if (status != 0) {
      err.println("These sources are not formatted. To format them: mvn -N -Pformat verify");
    }
    err.flush();
    System.exit(status);
  }

  private static List<String> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(""))) {
      List<String> sources =
          files
              .filter(file -> file.toString().endsWith(".java") && !isBuilt(file))
              .map(Path::toString)
              .sorted()
              .toList();
      if (sources.isEmpty()) {
        throw new IllegalStateException("no Java source below " + Path.of("").toAbsolutePath());
      }
      return sources;
    }
  }

  private static boolean isBuilt(Path file) {
    for (Path part : file) {
      if (part.toString().equals("target")) {
        return true;
      }
    }
    return false;
  }
}
