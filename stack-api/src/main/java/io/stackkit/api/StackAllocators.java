package io.stackkit.api;

import io.stackkit.api.spi.StackAllocatorProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Opens allocators by name; the implementations are found by [ServiceLoader] on the class path or
/// module path.
///
/// An implementation that is named but missing, broken or ambiguous is an error that lists what was
/// found; another one is never taken instead.
///
/// Any thread may call these methods, several at once. What is found depends on the calling
/// thread's context class loader, and on the class loader of this class, which is looked through
/// next: its providers count too, but for classes of a name that was found already.
public final class StackAllocators {

  private StackAllocators() {}

  /// Opens an allocator with the default options.
  ///
  /// @return an open allocator that the caller closes
  /// @throws IllegalStateException if the default implementation is not there
  public static StackAllocator open() {
    return open(AllocatorOptions.defaults());
  }

  /// Opens the allocator that the options name, within a [CheckedStackAllocator] if they say
  /// `checked`; that writes the zeros of [Zeroing#ON_ALLOCATE] itself then.
  ///
  /// @param options what to open
  /// @return an open allocator that the caller closes
  /// @throws IllegalStateException if the named implementation is missing, cannot be loaded, is
  ///   there twice, or makes no allocator
  /// @throws IllegalArgumentException if the implementation cannot honour an option
  public static StackAllocator open(AllocatorOptions options) {
    Objects.requireNonNull(options, "options");
    Found found = find();
    List<Named> named =
        found.providers.stream().filter(p -> p.name.equals(options.allocator())).toList();
    if (named.size() != 1) {
      throw new IllegalStateException(found.complain(options.allocator(), named));
    }
    Named provider = named.getFirst();
    return options.checked()
        ? CheckedStackAllocator.open(options, provider::create)
        : provider.create(options);
  }

  /// Lists the implementations that are there and can be loaded.
  ///
  /// @return the providers by name
  public static List<StackAllocatorProvider> available() {
    return find().providers.stream().map(Named::provider).toList();
  }

  /// A provider and its name, which is asked for once: it may fail.
  private record Named(String name, StackAllocatorProvider provider) {

    StackAllocator create(AllocatorOptions options) {
      StackAllocator allocator = provider.create(options);
      if (allocator == null) {
        throw new IllegalStateException(
            "allocator: %s: create() of %s returned null; it must return an open allocator"
                .formatted(name, className()));
      }
      return allocator;
    }

    String className() {
      return provider.getClass().getName();
    }
  }

  private record Found(List<Named> providers, Set<String> broken) {

    void add(StackAllocatorProvider provider) {
      String className = provider.getClass().getName();
      try {
        String name = provider.name();
        if (name == null) {
          broken.add(className + ": name() returned null");
        } else {
          providers.add(new Named(name, provider));
        }
      } catch (RuntimeException | LinkageError e) {
        broken.add(className + ": name() threw " + e);
      }
    }

    String complain(String name, List<Named> named) {
      String list =
          providers.isEmpty()
              ? "none"
              : providers.stream()
                  .map(p -> p.name + " (" + p.className() + ")")
                  .collect(Collectors.joining(", "));
      String message =
          named.isEmpty()
              ? "allocator: %s is not there; found: %s; add the module that provides it, such as io.stackkit:stack-%s,"
                      .formatted(name, list, name)
                  + " to the class path or module path"
              : "allocator: %s is there %d times: %s; remove all but one"
                  .formatted(name, named.size(), list);
      return broken.isEmpty()
          ? message
          : message + "; could not be loaded: " + String.join(", ", broken);
    }
  }

  private static Found find() {
    Found found = new Found(new ArrayList<>(), new LinkedHashSet<>());
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader own = StackAllocators.class.getClassLoader();
    load(context, found.broken).forEach(found::add);
    if (!Objects.equals(own, context)) {
      Set<String> known =
          found.providers.stream().map(Named::className).collect(Collectors.toSet());
      load(own, found.broken).stream()
          .filter(p -> !known.contains(p.getClass().getName()))
          .forEach(found::add);
    }
    found.providers.sort(Comparator.comparing(Named::name));
    return found;
  }

  private static List<StackAllocatorProvider> load(
      @Nullable ClassLoader loader, Set<String> broken) {
    List<StackAllocatorProvider> providers = new ArrayList<>();
    Set<String> failures = new HashSet<>();
    var services = ServiceLoader.load(StackAllocatorProvider.class, loader).iterator();
    while (true) {
      try {
        if (!services.hasNext()) {
          break;
        }
        providers.add(services.next());
      } catch (ServiceConfigurationError e) {
        String message = String.valueOf(e.getMessage());
        broken.add(message);
        if (!failures.add(message)) {
          // the loader makes no progress
          break;
        }
      }
    }
    return providers;
  }
}
