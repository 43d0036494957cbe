package io.stackkit.config;

import io.stackkit.api.AllocatorOption;
import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.StackAllocator;
import io.stackkit.api.StackAllocators;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import tools.jackson.core.io.JsonStringEncoder;

/// The options of an allocator, read from JSON and written to it. Immutable and thread-safe.
///
/// ```json
/// {
///   // comments are allowed
///   "allocator": "cached",
///   "segmentSize": "4k",
///   "cacheSize": 32,
///   "maxBytes": "unlimited",
///   "largeIdle": "10s",
///   "checked": false
/// }
/// ```
///
/// [AllocatorOption] lists the keys, their bounds and their defaults; a key that is left out has
/// its default. Sizes are numbers of bytes or strings such as `"4k"`, counts are whole numbers,
/// times are strings such as `"500ms"`, flags are `true` or `false`, all else are strings.
///
/// Reading is strict: a key that does not exist or is given twice, a value of the wrong type
/// (`"32"`, `32.0` or `null` for a count) or out of bounds, options that contradict each other,
/// anything but one object, and text that is not JSON are errors, and all that can be found at once
/// are told at once, each with line and column.
///
/// @param options the options, all checked
public record StackConfig(AllocatorOptions options) {

  /// Wraps options.
  public StackConfig {
    Objects.requireNonNull(options, "options");
  }

  /// Reads a file.
  ///
  /// @param file a file in UTF-8 without byte order mark, of at most 1 MiB
  /// @return the configuration
  /// @throws StackConfigException if the file cannot be read or anything in it is wrong; the
  ///   message has a line for each problem, with file, line and column
  public static StackConfig load(Path file) {
    return read(Source.read(Objects.requireNonNull(file, "file")));
  }

  /// Reads a string.
  ///
  /// @param json the text that a file would have
  /// @return the configuration
  /// @throws StackConfigException if anything is wrong; the message has a line for each problem,
  ///   with line and column
  public static StackConfig parse(String json) {
    return read(Source.of(Objects.requireNonNull(json, "json")));
  }

  private static StackConfig read(Source source) {
    Problems problems = new Problems(source.name());
    AllocatorOptions options =
        JsonText.read(source.text(), problems)
            .map(root -> OptionsReader.read(root, "", problems.isEmpty(), problems))
            .orElse(AllocatorOptions.defaults());
    problems.throwIfAny();
    return new StackConfig(options);
  }

  /// Opens the allocator that the options describe.
  ///
  /// @return an open allocator that the caller closes
  /// @throws IllegalStateException if the named implementation is missing, cannot be loaded, or is
  ///   there twice
  /// @throws IllegalArgumentException if the implementation cannot honour an option
  public StackAllocator open() {
    return StackAllocators.open(options);
  }

  /// Writes all options, those that have their default value too, so that the text says everything.
  ///
  /// @return an object with a line for each option, which [#parse(String)] reads back to an equal
  ///   configuration
  public String toJson() {
    return Arrays.stream(AllocatorOption.values())
        .map(option -> "  \"" + option.key() + "\": " + valueOf(option))
        .collect(Collectors.joining(",\n", "{\n", "\n}\n"));
  }

  private String valueOf(AllocatorOption option) {
    String text = option.format(options.get(option));
    return switch (option.kind()) {
      case COUNT, FLAG -> text;
      case NAME, SIZE, ZEROING, TIME ->
          '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
    };
  }
}
