package io.stackkit.config;

import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.InvalidOptionsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Reads a JSON object key by key, for configurations that have more in them than the options of
/// one allocator. As strict as [StackConfig], and with the same messages.
///
/// ```java
/// record Run(List<AllocatorOptions> allocators, List<Long> threads, boolean quick) {}
///
/// Run run =
///     ConfigReader.load(
///         Path.of("run.json"),
///         in ->
///             new Run(
///                 in.allocators("allocators", List.of(AllocatorOptions.defaults())),
///                 in.numbers("threads", 1, 1024, List.of(1L)),
///                 in.flag("quick", false)));
/// ```
///
/// The keys that exist are those that the function asks for. Where a value is missing or wrong the
/// function is given the default in its place and goes on; when it returns, all problems are thrown
/// at once, the keys it never asked for among them. So a result never leaves a wrong configuration.
///
/// A reader is of use only inside the function, by one thread.
public final class ConfigReader {

  private final Json.Members object;
  private final Problems problems;
  private final Set<String> asked = new LinkedHashSet<>();

  private ConfigReader(Json.Members object, Problems problems) {
    this.object = object;
    this.problems = problems;
  }

  /// Reads a file.
  ///
  /// @param <T> what is made of it
  /// @param file a file in UTF-8 without byte order mark, of at most 1 MiB
  /// @param read asks for every key that may be there and makes the result; an exception that it
  ///   throws is passed on, or, if there are problems that explain it, suppressed by them
  /// @return the result
  /// @throws StackConfigException if the file cannot be read or anything in it is wrong
  public static <T> T load(Path file, Function<? super ConfigReader, ? extends T> read) {
    return read(Source.read(file), read);
  }

  /// Reads a string.
  ///
  /// @param <T> what is made of it
  /// @param json the text that a file would have
  /// @param read as for [#load(Path, Function)]
  /// @return the result
  /// @throws StackConfigException if anything is wrong
  public static <T> T parse(String json, Function<? super ConfigReader, ? extends T> read) {
    return read(Source.of(json), read);
  }

  private static <T> T read(Source source, Function<? super ConfigReader, ? extends T> read) {
    Problems problems = new Problems(source.name());
    Optional<Json.Members> root = JsonText.read(source.text(), problems);
    problems.throwIfAny();
    ConfigReader reader = new ConfigReader(root.orElseThrow(), problems);
    problems.addRepeated(reader.object, "");
    T result;
    try {
      result = read.apply(reader);
    } catch (RuntimeException e) {
      if (!problems.isEmpty()) {
        StackConfigException wrong = problems.exception();
        wrong.addSuppressed(e);
        throw wrong;
      }
      throw e;
    }
    reader.addUnknown();
    problems.throwIfAny();
    return result;
  }

  private void addUnknown() {
    for (Json.Member member : object.members()) {
      if (!asked.contains(member.key())) {
        String message = "no such key (" + Nearest.hint(member.key(), asked) + ")";
        problems.add(member.at(), Json.bare(member.key()), message);
      }
    }
  }

  private Optional<Json> find(String key) {
    asked.add(key);
    return object.members().stream()
        .filter(member -> member.key().equals(key))
        .map(Json.Member::value)
        .findFirst();
  }

  /// Tells whether a key is there, whatever its value.
  ///
  /// @param key the key
  /// @return true if it is there
  public boolean has(String key) {
    return find(key).isPresent();
  }

  /// Reports something that only the caller can find wrong, at the place of a key.
  ///
  /// @param key the key
  /// @param message the value and the bound, without the key
  public void problem(String key, String message) {
    Position at = find(key).map(Json::at).orElse(Position.START);
    problems.add(at, Json.bare(key), Json.oneLine(message));
  }

  /// Reads a whole number.
  ///
  /// @param key the key
  /// @param min the smallest number allowed
  /// @param max the largest number allowed
  /// @param otherwise the default
  /// @return the number, or the default if the key is missing or its value is wrong
  public long number(String key, long min, long max, long otherwise) {
    return find(key).flatMap(value -> number(key, value, min, max)).orElse(otherwise);
  }

  private Optional<Long> number(String key, Json value, long min, long max) {
    Optional<Long> number =
        value instanceof Json.Whole whole
            ? whole.number().filter(n -> n >= min && n <= max)
            : Optional.empty();
    return orWrong(number, key, value, "a whole number from " + min + " to " + max);
  }

  /// Reads a list of whole numbers.
  ///
  /// @param key the key
  /// @param min the smallest number allowed
  /// @param max the largest number allowed
  /// @param otherwise the default
  /// @return at least one number, or the default if the key is missing or anything in its value is
  ///   wrong
  public List<Long> numbers(String key, long min, long max, List<Long> otherwise) {
    return list(key, otherwise, (path, value) -> number(path, value, min, max));
  }

  /// Reads a flag.
  ///
  /// @param key the key
  /// @param otherwise the default
  /// @return the flag, or the default if the key is missing or its value is wrong
  public boolean flag(String key, boolean otherwise) {
    return find(key)
        .flatMap(
            value -> {
              Optional<Boolean> flag =
                  value instanceof Json.Flag f ? Optional.of(f.value()) : Optional.empty();
              return orWrong(flag, key, value, "true or false");
            })
        .orElse(otherwise);
  }

  /// Reads a string.
  ///
  /// @param key the key
  /// @param otherwise the default
  /// @return a string that is not blank, or the default if the key is missing or its value is wrong
  public String text(String key, String otherwise) {
    return find(key)
        .flatMap(
            value -> {
              Optional<String> text =
                  value instanceof Json.Text(_, String s) && !s.isBlank()
                      ? Optional.of(s)
                      : Optional.empty();
              return orWrong(text, key, value, "a string that is not blank");
            })
        .orElse(otherwise);
  }

  /// Reads one of several words.
  ///
  /// @param key the key
  /// @param choices the words allowed
  /// @param otherwise the default
  /// @return the word, or the default if the key is missing or its value is wrong
  public String choice(String key, Collection<String> choices, String otherwise) {
    return find(key).flatMap(value -> choice(key, value, choices)).orElse(otherwise);
  }

  private Optional<String> choice(String key, Json value, Collection<String> choices) {
    if (!(value instanceof Json.Text(_, String word))) {
      return orWrong(Optional.empty(), key, value, "one of " + quoted(choices));
    }
    if (!choices.contains(word)) {
      String near = Nearest.to(word, choices).map(w -> "; did you mean " + w + "?").orElse("");
      return orWrong(Optional.empty(), key, value, "one of " + quoted(choices) + near);
    }
    return Optional.of(word);
  }

  /// Reads a list of words.
  ///
  /// @param key the key
  /// @param choices the words allowed
  /// @param otherwise the default
  /// @return at least one word, or the default if the key is missing or anything in its value is
  ///   wrong
  public List<String> choices(String key, Collection<String> choices, List<String> otherwise) {
    return list(key, otherwise, (path, value) -> choice(path, value, choices));
  }

  /// Reads a list of allocators: objects with the keys of [StackConfig], or spec strings such as
  /// `"cached,cacheSize=64"`.
  ///
  /// @param key the key
  /// @param otherwise the default
  /// @return at least one allocator's options, or the default if the key is missing or anything in
  ///   its value is wrong
  public List<AllocatorOptions> allocators(String key, List<AllocatorOptions> otherwise) {
    return list(key, otherwise, this::allocator);
  }

  private Optional<AllocatorOptions> allocator(String path, Json value) {
    return switch (value) {
      case Json.Members options ->
          Optional.of(OptionsReader.read(options, path + ".", true, problems));
      case Json.Text(Position at, String spec) -> parseSpec(path, at, spec);
      default ->
          orWrong(
              Optional.empty(),
              path,
              value,
              "an object or a string such as \"cached,cacheSize=64\"");
    };
  }

  private Optional<AllocatorOptions> parseSpec(String path, Position at, String spec) {
    try {
      return Optional.of(AllocatorOptions.parse(spec));
    } catch (InvalidOptionsException e) {
      e.violations().forEach(v -> problems.add(at, path, Json.oneLine(v.message())));
      return Optional.empty();
    }
  }

  private interface ItemReader<T> {

    Optional<T> read(String path, Json value);
  }

  private <T> List<T> list(String key, List<T> otherwise, ItemReader<T> reader) {
    Optional<Json> value = find(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    if (!(value.get() instanceof Json.Items(_, List<Json> items)) || items.isEmpty()) {
      orWrong(Optional.empty(), key, value.get(), "a list of at least one value");
      return otherwise;
    }
    List<T> read = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      reader.read(key + "[" + i + "]", items.get(i)).ifPresent(read::add);
    }
    return read.size() == items.size() ? List.copyOf(read) : otherwise;
  }

  private <T> Optional<T> orWrong(Optional<T> read, String key, Json value, String expected) {
    if (read.isEmpty()) {
      problems.add(value.at(), key, value.show() + " (must be " + expected + ")");
    }
    return read;
  }

  private static String quoted(Collection<String> words) {
    return words.stream().map(Json::quote).reduce((a, b) -> a + ", " + b).orElse("none");
  }
}
