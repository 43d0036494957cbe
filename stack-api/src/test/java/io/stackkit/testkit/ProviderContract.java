package io.stackkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackAllocators;
import io.stackkit.api.spi.StackAllocatorProvider;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a module that provides an allocator keeps. The build runs it twice, by its tag: on the
/// module path, where the descriptor's `provides` counts, and on the class path, where
/// `META-INF/services` does.
@Tag("class-path")
public abstract class ProviderContract {

  private final Class<? extends StackAllocatorProvider> provider;
  private final String name;

  /// @param provider the provider under test, in whose module the subclass is
  /// @param name the name it must answer to
  protected ProviderContract(Class<? extends StackAllocatorProvider> provider, String name) {
    this.provider = provider;
    this.name = name;
  }

  @Test
  void runsInTheFormTheBuildSays() {
    boolean onModulePath = provider.getModule().isNamed();

    assertThat(onModulePath ? "module path" : "class path")
        .isEqualTo(System.getProperty("io.stackkit.test.form"));
    assertThat(StackAllocatorProvider.class.getModule().isNamed()).isEqualTo(onModulePath);
    assertThat(getClass().getModule()).isSameAs(provider.getModule());
  }

  @Test
  void isFoundOnceAsAService() {
    List<StackAllocatorProvider> found =
        ServiceLoader.load(StackAllocatorProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(candidate -> candidate.name().equals(name))
            .toList();

    assertThat(found).hasExactlyElementsOfTypes(provider);
  }

  /// A container's context class loader may know nothing of the kit, or reach it by its parent.
  @Test
  void isFoundOnceWhateverTheContextClassLoader() throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader child = new URLClassLoader(new URL[0], before)) {
      for (ClassLoader context : List.of(ClassLoader.getPlatformClassLoader(), child)) {
        thread.setContextClassLoader(context);

        assertThat(StackAllocators.available())
            .filteredOn(candidate -> candidate.name().equals(name))
            .hasExactlyElementsOfTypes(provider);
        StackAllocators.open(AllocatorOptions.parse(name)).close();
      }
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /// A container's context class loader may have the provider a second time. From a class path its
  /// class counts, and the kit's own of the same name is not another one. A service loader finds
  /// what a named module provides as well, so that there are two then.
  @Test
  void aSecondClassOfTheSameNameReplacesTheFirstOrIsTold() throws Exception {
    String className = provider.getName();
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(
        new ProviderLoader(before, provider, provider.getPackageName() + ".", List.of(className)));
    try {
      List<StackAllocatorProvider> found =
          StackAllocators.available().stream()
              .filter(candidate -> candidate.name().equals(name))
              .toList();

      assertThat(found).extracting(one -> one.getClass().getName()).containsOnly(className);
      if (provider.getModule().isNamed()) {
        assertThat(found).hasSize(2);
        assertThatIllegalStateException()
            .isThrownBy(() -> StackAllocators.open(AllocatorOptions.parse(name)))
            .withMessageContaining("allocator: %s is there 2 times".formatted(name));
      } else {
        assertThat(found).singleElement().isNotInstanceOf(provider);
        StackAllocators.open(AllocatorOptions.parse(name)).close();
      }
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void describesItselfInOneLine() {
    for (StackAllocatorProvider found : ServiceLoader.load(StackAllocatorProvider.class)) {
      assertThat(found.description()).isNotBlank().doesNotContain("\n");
    }
  }
}
