package io.stackkit.api;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.stackkit.api.spi.StackAllocatorProvider;
import io.stackkit.testkit.ProviderLoader;
import io.stackkit.testkit.ReferenceAllocator;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Looking up implementations, on the module path and on the class path: the providers here are
/// always on a class path, that of a class loader of their own.
@Tag("class-path")
final class StackAllocatorsTest {

  /// A provider that works.
  public static class Good implements StackAllocatorProvider {
    @Override
    public String name() {
      return "good";
    }

    @Override
    public String description() {
      return "for tests";
    }

    @Override
    public StackAllocator create(AllocatorOptions options) {
      return new ReferenceAllocator(options);
    }
  }

  /// Another one of the same name.
  public static final class Twin extends Good {}

  /// A provider without a name.
  public static final class Nameless extends Good {
    @Override
    public String name() {
      return null;
    }
  }

  /// A provider that fails when asked for its name.
  public static final class Shy extends Good {
    @Override
    public String name() {
      throw new UnsupportedOperationException("not telling");
    }
  }

  /// A provider that makes nothing.
  public static final class Idle extends Good {
    @Override
    public StackAllocator create(AllocatorOptions options) {
      return null;
    }
  }

  /// A provider that cannot be made.
  public static final class Broken extends Good {
    /// Fails.
    public Broken() {
      throw new UnsupportedOperationException("no such hardware");
    }
  }

  @Test
  void opensTheOneThatIsNamed() throws Exception {
    withProviders(
        List.of(Good.class.getName()),
        () -> {
          try (StackAllocator allocator = StackAllocators.open(AllocatorOptions.parse("good"));
              StackSegment segment = allocator.allocate()) {
            assertThat(allocator).isInstanceOf(ReferenceAllocator.class);
            assertThat(segment.byteSize()).isEqualTo(4096);
          }
          return null;
        });
  }

  @Test
  void checksWhereTheOptionsSaySo() throws Exception {
    withProviders(
        List.of(Good.class.getName()),
        () -> {
          AllocatorOptions options = AllocatorOptions.parse("good,checked=true");
          try (StackAllocator allocator = StackAllocators.open(options)) {
            assertThat(allocator).isInstanceOf(CheckedStackAllocator.class);
            assertThat(allocator.options()).isEqualTo(options);
          }
          return null;
        });
  }

  @Test
  void checkedFindsWritesAfterFreeInMemoryThatIsZeroedOnAllocation() throws Exception {
    withProviders(
        List.of(Good.class.getName()),
        () -> {
          AllocatorOptions options =
              AllocatorOptions.parse("good,checked=true,zeroing=on-allocate");
          try (StackAllocator allocator = StackAllocators.open(options)) {
            assertThat(allocator.options()).isEqualTo(options);
            StackSegment segment = allocator.allocate();
            MemorySegment kept = segment.memory();
            kept.fill((byte) 7);
            segment.close();
            kept.set(JAVA_BYTE, 4095, (byte) 0);
            assertThatIllegalStateException()
                .isThrownBy(allocator::allocate)
                .withMessageStartingWith("write after free")
                .withMessageContaining("offset 4095 holds 0x00");
            try (StackSegment again = allocator.allocate();
                StackSegment large = allocator.allocate(10_000)) {
              assertThat(again.memory().address()).isEqualTo(kept.address());
              assertThat(again.memory().toArray(JAVA_BYTE)).containsOnly(0);
              assertThat(large.memory().toArray(JAVA_BYTE)).containsOnly(0);
            }
          }
          return null;
        });
  }

  @Test
  void providersThatAreWrittenWrongDoNotHideOthersAndAreTold() throws Exception {
    withProviders(
        List.of(Nameless.class.getName(), Shy.class.getName(), Good.class.getName()),
        () -> {
          StackAllocators.open(AllocatorOptions.parse("good")).close();
          assertThat(StackAllocators.available())
              .extracting(provider -> provider.getClass().getName())
              .contains(Good.class.getName())
              .doesNotContain(Nameless.class.getName(), Shy.class.getName());
          return assertThatIllegalStateException()
              .isThrownBy(() -> StackAllocators.open(AllocatorOptions.parse("other")))
              .withMessageContaining("could not be loaded: ")
              .withMessageContaining(Nameless.class.getName() + ": name() returned null")
              .withMessageContaining(Shy.class.getName() + ": name() threw ")
              .withMessageContaining("not telling");
        });
  }

  @Test
  void aProviderThatMakesNothingIsNamed() throws Exception {
    withProviders(
        List.of(Idle.class.getName()),
        () -> {
          for (String spec : List.of("good", "good,checked=true")) {
            assertThatIllegalStateException()
                .isThrownBy(() -> StackAllocators.open(AllocatorOptions.parse(spec)))
                .withMessageContaining("allocator: good: create() of " + Idle.class.getName());
          }
          return null;
        });
  }

  @Test
  void optionsMustBeThere() {
    assertThatNullPointerException()
        .isThrownBy(() -> StackAllocators.open(null))
        .withMessage("options");
  }

  @Test
  void aNameThatIsNotThereListsWhatIs() throws Exception {
    withProviders(
        List.of(Good.class.getName()),
        () ->
            assertThatIllegalStateException()
                .isThrownBy(() -> StackAllocators.open(AllocatorOptions.parse("goood")))
                .withMessageContaining("allocator: goood is not there; found: ")
                .withMessageContaining("good (" + Good.class.getName() + ")")
                .withMessageContaining("add the module that provides it"));
  }

  @Test
  void withoutAnyImplementationTheDefaultIsMissing() throws Exception {
    withProviders(
        List.of(),
        () ->
            assertThatIllegalStateException()
                .isThrownBy(StackAllocators::open)
                .withMessageContaining("allocator: cached is not there; found: none")
                .withMessageContaining("io.stackkit:stack-cached"));
  }

  @Test
  void twoOfOneNameAreAnError() throws Exception {
    withProviders(
        List.of(Good.class.getName(), Twin.class.getName()),
        () ->
            assertThatIllegalStateException()
                .isThrownBy(() -> StackAllocators.open(AllocatorOptions.parse("good")))
                .withMessageContaining("allocator: good is there 2 times")
                .withMessageContaining(Good.class.getName())
                .withMessageContaining(Twin.class.getName()));
  }

  @Test
  void brokenProvidersDoNotHideOthersAndAreTold() throws Exception {
    withProviders(
        List.of(Broken.class.getName(), "no.such.Provider", Good.class.getName()),
        () -> {
          StackAllocators.open(AllocatorOptions.parse("good")).close();
          assertThat(StackAllocators.available())
              .extracting(StackAllocatorProvider::name)
              .contains("good");
          return assertThatIllegalStateException()
              .isThrownBy(() -> StackAllocators.open(AllocatorOptions.parse("other")))
              .withMessageContaining("could not be loaded: ")
              .withMessageContaining(Broken.class.getName())
              .withMessageContaining("no.such.Provider");
        });
  }

  private static void withProviders(List<String> classNames, Callable<?> task) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    ProviderLoader loader =
        new ProviderLoader(
            before,
            StackAllocatorsTest.class,
            StackAllocatorsTest.class.getName() + "$",
            classNames);
    // what the providers make; no launcher opens it when this class is run alone
    StackAllocatorsTest.class
        .getModule()
        .addExports("io.stackkit.testkit", loader.getUnnamedModule());
    thread.setContextClassLoader(loader);
    try {
      task.call();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
