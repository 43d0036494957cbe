package io.stackkit.api;

import io.stackkit.api.spi.StackAllocatorProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/// Opens allocators by name; the implementations are found by [ServiceLoader] on the class path or
/// module path.
///
/// An implementation that is named but missing, broken or ambiguous is an error that lists what was
/// found; another one is never taken instead.
///
/// Any thread may call these methods, several at once. What is found depends on the calling
/// thread's context class loader.
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
  /// @throws IllegalStateException if the named implementation is missing, cannot be loaded, or is
  ///   there twice
  /// @throws IllegalArgumentException if the implementation cannot honour an option
  public static StackAllocator open(AllocatorOptions options) {
    Found found = find();
    List<StackAllocatorProvider> named =
        found.providers.stream().filter(p -> p.name().equals(options.allocator())).toList();
    if (named.size() != 1) {
      throw new IllegalStateException(found.complain(options.allocator(), named));
    }
    StackAllocatorProvider provider = named.getFirst();
    return options.checked()
        ? CheckedStackAllocator.open(options, provider::create)
        : provider.create(options);
  }

  /// Lists the implementations that are there and can be loaded.
  ///
  /// @return the providers by name
  public static List<StackAllocatorProvider> available() {
    return List.copyOf(find().providers);
  }

  private record Found(List<StackAllocatorProvider> providers, List<String> broken) {

    String complain(String name, List<StackAllocatorProvider> named) {
      String list =
          providers.isEmpty()
              ? "none"
              : providers.stream()
                  .map(p -> p.name() + " (" + p.getClass().getName() + ")")
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
    List<StackAllocatorProvider> providers = new ArrayList<>();
    List<String> broken = new ArrayList<>();
    var services = ServiceLoader.load(StackAllocatorProvider.class).iterator();
    while (true) {
      try {
        if (!services.hasNext()) {
          break;
        }
        providers.add(services.next());
      } catch (ServiceConfigurationError e) {
        String message = String.valueOf(e.getMessage());
        if (broken.contains(message)) {
          // the loader makes no progress
          break;
        }
        broken.add(message);
      }
    }
    providers.sort(Comparator.comparing(StackAllocatorProvider::name));
    return new Found(providers, broken);
  }
}
