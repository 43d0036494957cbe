package io.stackkit.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The launcher, in a project of its own whose jar leads to this test's class path, in an empty
/// environment.
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {

  private record Ran(int status, String output) {}

  @TempDir Path root;

  private Path bench;
  private Path jar;
  private Path bin;
  private final List<String> environment = new ArrayList<>();

  @BeforeEach
  void makeAProject() throws IOException {
    Path module = Files.createDirectories(root.resolve("stack-bench"));
    bench = Files.copy(Path.of("bench"), module.resolve("bench"));
    jar = Files.createDirectories(module.resolve("target")).resolve("benchmarks.jar");
    bin = Files.createDirectories(root.resolve("bin"));
    Files.writeString(root.resolve("pom.xml"), "<project/>");
    environment.add("HOME=" + root);
    environment.add("JAVA_HOME=" + System.getProperty("java.home"));
    environment.add("PATH=" + bin + ":/usr/bin:/bin");
  }

  @Test
  void becomesTheJvmOfTheJar() throws Exception {
    writeJar();

    Ran ran = run("--help");

    assertThat(ran.output).startsWith("usage: bench [options]");
    assertThat(ran.status).isZero();
  }

  @Test
  void passesOnArgumentsAndStatus() throws Exception {
    writeJar();

    Ran ran = run("--allocators", "cached,batch size=1");

    assertThat(ran.output).contains("--allocators: \"cached,batch size=1\"");
    assertThat(ran.status).isEqualTo(2);
  }

  @Test
  void saysWhatToInstallWhereThereIsNoJdk() throws Exception {
    writeJar();
    Files.writeString(bench, Files.readString(bench).replace("needed=25", "needed=9999"));

    Ran ran = run("--help");

    assertThat(ran.output).contains("no JDK 9999 or newer was found").contains("JAVA_HOME");
    assertThat(ran.status).isEqualTo(1);
  }

  @Test
  void passesByAJdkThatIsTooOld() throws Exception {
    writeJar();
    Path old = Files.createDirectories(root.resolve("old/bin")).getParent();
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.9\"\n");
    script(old.resolve("bin/java"), "echo too old; exit 9");
    script(old.resolve("bin/javac"), "exit 9");
    environment.set(1, "JAVA_HOME=" + old);
    Path newer = Files.createDirectories(root.resolve(".sdkman/candidates/java/newer/bin"));
    Files.writeString(newer.resolveSibling("release"), "JAVA_VERSION=\"25.0.1\"\n");
    script(newer.resolve("java"), "exec " + System.getProperty("java.home") + "/bin/java \"$@\"");
    script(newer.resolve("javac"), "exit 9");

    assertThat(run("--help").output).startsWith("usage: bench [options]");
  }

  @Test
  void buildsAJarThatIsMissing() throws Exception {
    script(bin.resolve("mvn"), "echo \"mvn $*\"; exit 3");

    Ran ran = run("--help");

    assertThat(ran.output)
        .containsSubsequence("building the benchmarks", "-pl stack-bench -am package", "failed");
    assertThat(ran.status).isEqualTo(1);
  }

  @Test
  void buildsAJarThatIsOlderThanASource() throws Exception {
    writeJar();
    Path source = Files.createDirectories(root.resolve("stack-api/src/main")).resolve("A.java");
    Files.writeString(source, "");
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minusSeconds(60)));
    script(bin.resolve("mvn"), "touch '" + jar + "'");

    Ran ran = run("--help");

    assertThat(ran.output).containsSubsequence("building the benchmarks", "usage: bench");
    assertThat(ran.status).isZero();
  }

  @Test
  void needsNoLocaleForWhatIsNotAscii() throws Exception {
    writeJar();

    assertThat(run("--help").output).contains("±");
  }

  private void script(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void writeJar() throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(Attributes.Name.MAIN_CLASS, Main.class.getName());
    main.put(
        Attributes.Name.CLASS_PATH,
        Arrays.stream(
                System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)))
            .map(entry -> Path.of(entry).toUri().toString())
            .collect(Collectors.joining(" ")));
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close();
    }
  }

  private Ran run(String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of("env", "-i"));
    command.addAll(environment);
    command.addAll(List.of("bash", bench.toString()));
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), output);
  }
}
