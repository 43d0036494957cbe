package io.stackkit.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/// What an allocator is made with. Immutable; equal options are interchangeable.
///
/// The same options can be written in three ways, which name them alike ([AllocatorOption] lists
/// names, bounds and defaults): with the [#builder()], as a spec string ([#parse(String)],
/// [#toSpec()]), and as JSON (module `io.stackkit.config`).
///
/// ```java
/// AllocatorOptions.parse("cached,cacheSize=32,batchSize=16,segmentSize=4k")
/// ```
public final class AllocatorOptions {

  private static final AllocatorOptions DEFAULTS = builder().build();

  private final EnumMap<AllocatorOption, Object> values;

  private AllocatorOptions(EnumMap<AllocatorOption, Object> values) {
    this.values = values;
  }

  /// Returns the options with every default: the allocator `cached`, 4 KiB segments, a cache of 32,
  /// batches of 16.
  ///
  /// @return the default options
  public static AllocatorOptions defaults() {
    return DEFAULTS;
  }

  /// Returns a builder that starts from the defaults.
  ///
  /// @return a new builder
  public static Builder builder() {
    return new Builder();
  }

  /// Returns a builder that starts from these options.
  ///
  /// @return a new builder
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.values.putAll(values);
    return builder;
  }

  /// Reads a spec string: the allocator's name, then `name=value` pairs, separated by commas.
  ///
  /// @param spec such as `cached,cacheSize=32,maxBytes=64m`; the name may be left out
  /// @return the options
  /// @throws InvalidOptionsException if anything is wrong; the message lists all violations
  public static AllocatorOptions parse(String spec) {
    Objects.requireNonNull(spec, "spec");
    Builder builder = builder();
    List<InvalidOptionsException.Violation> violations = new ArrayList<>();
    EnumMap<AllocatorOption, String> seen = new EnumMap<>(AllocatorOption.class);
    int position = 0;
    for (String part : spec.split(",", -1)) {
      try {
        parsePart(part.strip(), position++, builder, seen);
      } catch (InvalidOptionsException e) {
        violations.addAll(e.violations());
      }
    }
    // an option that is wrong in itself stands at its default here: nothing relates to that
    Set<String> wrong = violations.stream().map(v -> v.option()).collect(Collectors.toSet());
    violations.addAll(OptionRelations.violated(builder.values, wrong));
    if (!violations.isEmpty()) {
      throw new InvalidOptionsException(violations);
    }
    return builder.build();
  }

  private static void parsePart(
      String part, int position, Builder builder, Map<AllocatorOption, String> seen) {
    int equals = part.indexOf('=');
    if (equals < 0 && position > 0) {
      throw new InvalidOptionsException(
          part,
          "\"" + part + "\" (must be name=value, only the allocator's name stands alone, first)");
    }
    String key = equals < 0 ? AllocatorOption.ALLOCATOR.key() : part.substring(0, equals).strip();
    String value = equals < 0 ? part : part.substring(equals + 1).strip();
    AllocatorOption option = Builder.find(key);
    String before = seen.putIfAbsent(option, value);
    if (before != null) {
      throw new InvalidOptionsException(
          key, "%s: given twice, as %s and as %s".formatted(key, before, value));
    }
    builder.set(key, value);
  }

  /// Writes these options as a spec string that [#parse(String)] reads back to equal options: the
  /// allocator's name and whatever differs from its default.
  ///
  /// @return such as `cached,cacheSize=64`
  public String toSpec() {
    StringJoiner spec = new StringJoiner(",");
    spec.add(allocator());
    values.forEach(
        (option, value) -> {
          if (option != AllocatorOption.ALLOCATOR && !value.equals(option.defaultValue())) {
            spec.add(option.key() + "=" + option.format(value));
          }
        });
    return spec.toString();
  }

  /// Returns the value of an option.
  ///
  /// @param option which
  /// @return the value, of the type that its kind says
  public Object get(AllocatorOption option) {
    return Objects.requireNonNull(values.get(option));
  }

  private long number(AllocatorOption option) {
    return (Long) get(option);
  }

  /// Returns the name of the implementation.
  ///
  /// @return such as `cached`
  public String allocator() {
    return (String) get(AllocatorOption.ALLOCATOR);
  }

  /// Returns the size of a segment.
  ///
  /// @return bytes
  public int segmentSize() {
    return (int) number(AllocatorOption.SEGMENT_SIZE);
  }

  /// Returns how many segments every M may keep out of others' reach. One whose cache has grown may
  /// keep twice as many, as part of [#adaptive()]'s share.
  ///
  /// @return segments
  public int cacheSize() {
    return (int) number(AllocatorOption.CACHE_SIZE);
  }

  /// Returns how many segments move between an M and the shared lists at once.
  ///
  /// @return segments
  public int batchSize() {
    return (int) number(AllocatorOption.BATCH_SIZE);
  }

  /// Returns the number of shared lists.
  ///
  /// @return lists, 0 to choose by the number of processors
  public int shards() {
    return (int) number(AllocatorOption.SHARDS);
  }

  /// Returns how much may be held on top of the peak in use, and of [#cacheSize()] per M, so that
  /// caches which have grown need not take from each other.
  ///
  /// @return percent of the peak in use, 0 if caches do not grow
  public int adaptive() {
    return (int) number(AllocatorOption.ADAPTIVE);
  }

  /// Returns the limit on what is obtained from the system.
  ///
  /// @return bytes, [Long#MAX_VALUE] for no limit
  public long maxBytes() {
    return number(AllocatorOption.MAX_BYTES);
  }

  /// Returns when memory is filled with zeros.
  ///
  /// @return the policy
  public Zeroing zeroing() {
    return (Zeroing) get(AllocatorOption.ZEROING);
  }

  /// Returns whether every use is checked.
  ///
  /// @return true for a checked allocator
  public boolean checked() {
    return (Boolean) get(AllocatorOption.CHECKED);
  }

  /// Returns how much is kept of large segments that are free.
  ///
  /// @return bytes
  public long largeCacheBytes() {
    return number(AllocatorOption.LARGE_CACHE_BYTES);
  }

  /// Returns how long a free large segment is kept.
  ///
  /// @return the time
  public Duration largeIdle() {
    return (Duration) get(AllocatorOption.LARGE_IDLE);
  }

  /// Returns after which time without need free memory goes back to the system by itself.
  ///
  /// @return the time, zero for never
  public Duration trimIdle() {
    return (Duration) get(AllocatorOption.TRIM_IDLE);
  }

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof AllocatorOptions o && values.equals(o.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return toSpec();
  }

  /// Collects options. Values are checked when they are set; how they relate is checked by
  /// [#build()]. Not thread-safe.
  public static final class Builder {

    private final EnumMap<AllocatorOption, Object> values = new EnumMap<>(AllocatorOption.class);

    private Builder() {
      for (AllocatorOption option : AllocatorOption.values()) {
        values.put(option, option.defaultValue());
      }
    }

    private static AllocatorOption find(String key) {
      return AllocatorOption.of(key).orElseThrow(() -> InvalidOptionsException.unknown(key));
    }

    /// Sets an option from text.
    ///
    /// @param key the option's name
    /// @param value the value as in a spec string
    /// @return this
    /// @throws InvalidOptionsException if there is no such option or the value is not right
    public Builder set(String key, String value) {
      AllocatorOption option = find(Objects.requireNonNull(key, "key"));
      Objects.requireNonNull(value, key);
      try {
        values.put(option, option.parse(value));
      } catch (IllegalArgumentException e) {
        throw new InvalidOptionsException(key, Objects.requireNonNull(e.getMessage()));
      }
      return this;
    }

    private Builder put(AllocatorOption option, Object value) {
      Optional<String> wrong = option.check(Objects.requireNonNull(value, option.key()));
      if (wrong.isPresent()) {
        throw new InvalidOptionsException(option.key(), wrong.get());
      }
      values.put(option, value);
      return this;
    }

    /// Sets the implementation.
    ///
    /// @param name the name of its provider
    /// @return this
    public Builder allocator(String name) {
      return put(AllocatorOption.ALLOCATOR, name);
    }

    /// Sets the size of a segment.
    ///
    /// @param bytes from 256 to 16 MiB, a multiple of 64
    /// @return this
    public Builder segmentSize(long bytes) {
      return put(AllocatorOption.SEGMENT_SIZE, bytes);
    }

    /// Sets how many segments every M may keep.
    ///
    /// @param segments from 1 to 65536
    /// @return this
    public Builder cacheSize(long segments) {
      return put(AllocatorOption.CACHE_SIZE, segments);
    }

    /// Sets how many segments move at once.
    ///
    /// @param segments from 1 to the cache size
    /// @return this
    public Builder batchSize(long segments) {
      return put(AllocatorOption.BATCH_SIZE, segments);
    }

    /// Sets the number of shared lists.
    ///
    /// @param lists from 0 (by the number of processors) to 1024
    /// @return this
    public Builder shards(long lists) {
      return put(AllocatorOption.SHARDS, lists);
    }

    /// Sets how much may be held on top of the peak in use for the sake of caches that grow.
    ///
    /// @param percent of the peak in use, from 0 (off) to 100
    /// @return this
    public Builder adaptive(long percent) {
      return put(AllocatorOption.ADAPTIVE, percent);
    }

    /// Sets the limit on what is obtained from the system.
    ///
    /// @param bytes at least one segment
    /// @return this
    public Builder maxBytes(long bytes) {
      return put(AllocatorOption.MAX_BYTES, bytes);
    }

    /// Sets when memory is filled with zeros.
    ///
    /// @param zeroing the policy
    /// @return this
    public Builder zeroing(Zeroing zeroing) {
      return put(AllocatorOption.ZEROING, zeroing);
    }

    /// Sets whether every use is checked.
    ///
    /// @param checked true to find use after free and leaks
    /// @return this
    public Builder checked(boolean checked) {
      return put(AllocatorOption.CHECKED, checked);
    }

    /// Sets how much is kept of large segments that are free.
    ///
    /// @param bytes 0 to keep none
    /// @return this
    public Builder largeCacheBytes(long bytes) {
      return put(AllocatorOption.LARGE_CACHE_BYTES, bytes);
    }

    /// Sets how long a free large segment is kept.
    ///
    /// @param time from 1 ms to a day
    /// @return this
    public Builder largeIdle(Duration time) {
      return put(AllocatorOption.LARGE_IDLE, time);
    }

    /// Sets after which time without need free memory goes back to the system by itself.
    ///
    /// @param time up to a day, zero for never
    /// @return this
    public Builder trimIdle(Duration time) {
      return put(AllocatorOption.TRIM_IDLE, time);
    }

    /// Makes the options.
    ///
    /// @return immutable options
    /// @throws InvalidOptionsException if options contradict each other, such as a batch larger
    ///   than the cache
    public AllocatorOptions build() {
      List<InvalidOptionsException.Violation> wrong = OptionRelations.violated(values, Set.of());
      if (!wrong.isEmpty()) {
        throw new InvalidOptionsException(wrong);
      }
      return new AllocatorOptions(values.clone());
    }
  }
}
