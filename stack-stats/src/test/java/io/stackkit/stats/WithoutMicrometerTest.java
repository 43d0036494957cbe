package io.stackkit.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolvedModule;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Micrometer is optional: everything but [StackMeters] works where it is not.
class WithoutMicrometerTest {

  /// What this test runs with, less Micrometer.
  private static List<URI> locations() {
    return ModuleLayer.boot().configuration().modules().stream()
        .filter(module -> !module.name().startsWith("micrometer"))
        .flatMap(module -> module.reference().location().stream())
        .filter(location -> location.getScheme().equals("file"))
        .toList();
  }

  private static URLClassLoader loader() throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (URI location : locations()) {
      urls.add(location.toURL());
    }
    // no parent: the platform's loader would find the modules of the boot layer
    return new URLClassLoader(urls.toArray(URL[]::new), null);
  }

  @Test
  void classesLoadAndWork() throws Exception {
    try (var loader = loader()) {
      Class<?> stats = loader.loadClass("io.stackkit.stats.MemStats");
      assertThat(stats).isNotSameAs(MemStats.class);
      Object none = stats.getMethod("read", List.class).invoke(null, List.of());
      assertThat(stats.getMethod("stacksSys").invoke(none)).isEqualTo(0L);

      for (String name : List.of("StackJmx", "StackJfr", "StackUsage", "MemStatsEvent")) {
        assertThat(Class.forName("io.stackkit.stats." + name, true, loader).getClassLoader())
            .isSameAs(loader);
      }
      assertThatExceptionOfType(NoClassDefFoundError.class)
          .isThrownBy(() -> Class.forName("io.stackkit.stats.StackMeters", true, loader))
          .withMessageContaining("io/micrometer");
    }
  }

  @Test
  void registrationGetsAsFarAsItsArguments() throws Exception {
    try (var loader = loader()) {
      Class<?> allocator = loader.loadClass("io.stackkit.api.StackAllocator");
      for (String name : List.of("StackJmx", "StackJfr")) {
        var register =
            loader
                .loadClass("io.stackkit.stats." + name)
                .getMethod("register", String.class, allocator);
        assertThatExceptionOfType(InvocationTargetException.class)
            .isThrownBy(() -> register.invoke(null, "x", null))
            .havingCause()
            .isInstanceOf(NullPointerException.class)
            .withMessage("allocator");
      }
    }
  }

  @Test
  void moduleResolves() {
    Path[] paths = locations().stream().map(Path::of).toArray(Path[]::new);

    Configuration resolved =
        Configuration.empty()
            .resolve(ModuleFinder.of(paths), ModuleFinder.ofSystem(), Set.of("io.stackkit.stats"));

    assertThat(resolved.modules())
        .extracting(ResolvedModule::name)
        .contains("io.stackkit.stats", "io.stackkit.api", "com.google.common")
        .noneMatch(name -> name.contains("micrometer"));
  }
}
