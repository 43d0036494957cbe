package io.stackkit.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the README shows is compiled, and the commands it names are there.
class ReadmeTest {

  private static final Path README = Path.of("..", "README.md");

  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void everySnippetCompiles(@TempDir Path out) throws Exception {
    List<String> snippets =
        JAVA.matcher(Files.readString(README)).results().map(match -> match.group(1)).toList();
    assertThat(snippets).isNotEmpty();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    for (int i = 0; i < snippets.size(); i++) {
      String name = "Snippet" + i;
      StringWriter complaints = new StringWriter();
      boolean compiled =
          compiler
              .getTask(
                  complaints,
                  null,
                  null,
                  List.of("-d", out.toString(), "-cp", System.getProperty("java.class.path")),
                  null,
                  List.of(source(name, snippets.get(i))))
              .call();
      assertThat(compiled).as("%s%n%s", snippets.get(i), complaints).isTrue();
    }
  }

  /// Imports stay on top; a snippet that is not a class becomes the body of a method.
  private static SimpleJavaFileObject source(String name, String snippet) {
    String imports =
        String.join("\n", snippet.lines().filter(line -> line.startsWith("import ")).toList());
    String rest =
        String.join("\n", snippet.lines().filter(line -> !line.startsWith("import ")).toList());
    String body =
        rest.contains("class ")
            ? rest
            : "class %s { void run() throws Throwable { %s } }".formatted(name, rest);
    String text = imports + "\n" + body;
    return new SimpleJavaFileObject(
        URI.create("string:///" + name + ".java"), SimpleJavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }

  @Test
  void theMainJobIsThereToRun() throws Exception {
    assertThat(Files.readString(README)).contains("./stack-bench/bench").contains("mvn verify");
    assertThat(Files.isExecutable(Path.of("bench"))).isTrue();
  }
}
