package io.stackkit.api;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The options of an allocator: for each its name, which is the same in the builder, in a spec
/// string and in JSON, its kind, its bounds and its default. The one place where these stand.
public enum AllocatorOption {
  /// Which implementation, by the name of its provider.
  ALLOCATOR("allocator", Kind.NAME, 0, 0, "cached", "name of the implementation"),
  /// Bytes of a segment. 4 KiB is Go's FixedStack; 256 bytes hold a useful frame; more than 16 MiB
  /// is no cache matter.
  SEGMENT_SIZE(
      "segmentSize", Kind.SIZE, 256, 16L << 20, 4096L, "bytes of a segment, a multiple of 64"),
  /// Segments that an M may keep. 32 is Go's StackCacheSize; 65536 keeps counts far from overflow.
  CACHE_SIZE("cacheSize", Kind.COUNT, 1, 65_536, 32L, "segments that each M may keep"),
  /// Segments that move between an M and the shared lists at once. 16 is Go's StackCacheBatch.
  BATCH_SIZE("batchSize", Kind.COUNT, 1, 65_536, 16L, "segments moved at once, at most cacheSize"),
  /// Shared lists; 0 chooses by the number of processors.
  SHARDS("shards", Kind.COUNT, 0, 1024, 0L, "shared lists, 0 = by the number of processors"),
  /// How much may be held beyond the peak in use before Ms take from each other's shelves, in
  /// percent of the peak. With 0 no cache grows, as in Go.
  ADAPTIVE(
      "adaptive",
      Kind.COUNT,
      0,
      100,
      25L,
      "percent of the peak in use held on top before Ms take from each other, 0 = caches do not"
          + " grow"),
  /// The most that may be obtained from the system, fixed-size and large segments together.
  MAX_BYTES(
      "maxBytes",
      Kind.SIZE,
      256,
      Long.MAX_VALUE,
      Long.MAX_VALUE,
      "limit on memory from the system"),
  /// When memory is filled with zeros.
  ZEROING("zeroing", Kind.ZEROING, 0, 0, Zeroing.NONE, "none, on-allocate or on-free"),
  /// Whether every use is checked and leaks are traced, at a cost.
  CHECKED("checked", Kind.FLAG, 0, 0, false, "find use after free and leaks, at a cost"),
  /// Bytes of free large segments that are kept for reuse.
  LARGE_CACHE_BYTES(
      "largeCacheBytes", Kind.SIZE, 0, 1L << 40, 64L << 20, "free large segments kept"),
  /// How long a free large segment is kept.
  LARGE_IDLE(
      "largeIdle",
      Kind.TIME,
      1,
      86_400_000,
      Duration.ofSeconds(10),
      "time a free large segment is kept"),
  /// After which time without need free memory goes back to the system by itself; 0 for never.
  TRIM_IDLE(
      "trimIdle",
      Kind.TIME,
      0,
      86_400_000,
      Duration.ZERO,
      "time until idle memory is given back, 0 = never");

  /// What the values of an option look like.
  public enum Kind {
    /// A word: letters, digits, `-`, `_` and `.`.
    NAME("a name"),
    /// Bytes, such as `4096`, `4k` or `64m`; a [Long].
    SIZE("a size such as 4k"),
    /// A whole number; a [Long].
    COUNT("a whole number"),
    /// `true` or `false`; a [Boolean].
    FLAG("true or false"),
    /// A [io.stackkit.api.Zeroing].
    ZEROING("none, on-allocate or on-free"),
    /// A time such as `500ms`, `10s` or `5m`; a [Duration].
    TIME("a time such as 500ms, 10s or 5m");

    private final String form;

    Kind(String form) {
      this.form = form;
    }

    /// Says in words what a value looks like.
    ///
    /// @return such as `a size such as 4k`
    public String form() {
      return form;
    }
  }

  private final String key;
  private final Kind kind;
  private final long min;
  private final long max;

  @SuppressWarnings("ImmutableEnumChecker") // a String, Long, Boolean, Duration or Zeroing
  private final Object defaultValue;

  private final String description;

  AllocatorOption(
      String key, Kind kind, long min, long max, Object defaultValue, String description) {
    this.key = key;
    this.kind = kind;
    this.min = min;
    this.max = max;
    this.defaultValue = defaultValue;
    this.description = description;
  }

  /// Returns the name of this option.
  ///
  /// @return such as `segmentSize`
  public String key() {
    return key;
  }

  /// Returns what values look like.
  ///
  /// @return the kind
  public Kind kind() {
    return kind;
  }

  /// Returns what this option does, in a few words.
  ///
  /// @return a phrase without a full stop
  public String description() {
    return description;
  }

  /// Returns the value in force where none is given.
  ///
  /// @return a [String], [Long], [Boolean], [Duration] or [io.stackkit.api.Zeroing], as [#kind()]
  ///   says
  public Object defaultValue() {
    return defaultValue;
  }

  /// Finds an option by its name.
  ///
  /// @param key a name, exactly as [#key()] has it
  /// @return the option, or empty if there is none of that name
  public static Optional<AllocatorOption> of(String key) {
    return Arrays.stream(values()).filter(o -> o.key.equals(key)).findFirst();
  }

  /// Says in words what a value of this option looks like and which bounds it has.
  ///
  /// @return such as `a size such as 4k, from 256 to 16m`
  public String expected() {
    return expected(bounds());
  }

  private String expected(String bounds) {
    return kind.form()
        + (bounds.isEmpty() ? "" : ", " + bounds)
        + (this == MAX_BYTES ? ", or \"unlimited\"" : "");
  }

  private String bounds() {
    return switch (kind) {
      case SIZE, COUNT ->
          max == Long.MAX_VALUE
              ? ">= " + format(min)
              : "from " + format(min) + " to " + format(max);
      case TIME ->
          "from "
              + formatTime(Duration.ofMillis(min))
              + " to "
              + formatTime(Duration.ofMillis(max));
      case NAME, FLAG, ZEROING -> "";
    };
  }

  /// Reads a value of this option and checks its bounds.
  ///
  /// @param text the value as in a spec string
  /// @return the value, of the type that [#kind()] says
  /// @throws IllegalArgumentException if the text is not of the right form or out of bounds; the
  ///   message has the name, the value as written and the bound
  public Object parse(String text) {
    Object value;
    try {
      value = parseUnchecked(text.strip());
    } catch (ArithmeticException e) {
      // no lower bound alone: it would be kept
      String bounds = max == Long.MAX_VALUE ? "from " + min + " to " + max : bounds();
      throw misshapen(text, expected(bounds), e);
    } catch (IllegalArgumentException e) {
      throw misshapen(text, expected(), e);
    }
    problem(value)
        .ifPresent(
            bound -> {
              throw new IllegalArgumentException(wrong(text.strip(), bound));
            });
    return value;
  }

  private IllegalArgumentException misshapen(String text, String expected, Exception cause) {
    return new IllegalArgumentException(
        "%s: \"%s\" (must be %s)".formatted(key, text, expected), cause);
  }

  private Object parseUnchecked(String text) {
    return switch (kind) {
      case NAME -> text;
      case SIZE ->
          this == MAX_BYTES && text.equals("unlimited")
              ? (Object) Long.MAX_VALUE
              : (Object) ByteSizes.parseExact(text);
      case COUNT -> parseCount(text);
      case FLAG -> parseFlag(text);
      case ZEROING ->
          Arrays.stream(Zeroing.values())
              .filter(z -> z.spec().equals(text))
              .findFirst()
              .orElseThrow(IllegalArgumentException::new);
      case TIME -> parseTime(text.toLowerCase(Locale.ROOT));
    };
  }

  private static long parseCount(String text) {
    // parseLong takes the digits of every script
    if (!text.chars().allMatch(c -> c < 128)) {
      throw new IllegalArgumentException();
    }
    return Long.parseLong(text);
  }

  private static Boolean parseFlag(String text) {
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    throw new IllegalArgumentException();
  }

  private static Duration parseTime(String text) {
    int unitAt = 0;
    while (unitAt < text.length() && ByteSizes.isDigit(text.charAt(unitAt))) {
      unitAt++;
    }
    long number = Long.parseLong(text.substring(0, unitAt));
    String unit = text.substring(unitAt);
    try {
      return switch (unit) {
        case "ms" -> Duration.ofMillis(number);
        case "s" -> Duration.ofSeconds(number);
        case "m" -> Duration.ofMinutes(number);
        case "h" -> Duration.ofHours(number);
        case "" -> number == 0 ? Duration.ZERO : badTime();
        default -> badTime();
      };
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Duration badTime() {
    throw new IllegalArgumentException("no unit");
  }

  /// Prints a value so that [#parse(String)] reads it back.
  ///
  /// @param value a value of this option
  /// @return such as `4k`, `32`, `10s`
  public String format(Object value) {
    return switch (value) {
      case Long n when this == MAX_BYTES && n == Long.MAX_VALUE -> "unlimited";
      case Long n when kind == Kind.SIZE -> ByteSizes.format(n);
      case Duration d -> formatTime(d);
      case Zeroing z -> z.spec();
      default -> value.toString();
    };
  }

  private static String formatTime(Duration time) {
    long millis = time.toMillis();
    return millis == 0 ? "0" : millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }

  /// Says what is wrong with a value on its own, bounds and form.
  ///
  /// @param value a value of the type that [#kind()] says
  /// @return a message with name, value and bound, or empty if all is well
  public Optional<String> check(Object value) {
    return problem(value)
        .map(bound -> wrong(value instanceof Long n ? format(n) : value.toString(), bound));
  }

  /// Says what a value that is wrong must be.
  private Optional<String> problem(Object value) {
    return switch (value) {
      case String s ->
          s.matches("[A-Za-z0-9._-]+")
              ? Optional.empty()
              : Optional.of("a word of letters, digits, '-', '_' and '.'");
      case Long n -> checkRange(n);
      case Duration d -> checkTime(d);
      default -> Optional.empty();
    };
  }

  private Optional<String> checkTime(Duration time) {
    // compared as durations: toMillis() overflows for absurd values
    if (time.compareTo(Duration.ofMillis(min)) >= 0
        && time.compareTo(Duration.ofMillis(max)) <= 0) {
      // a spec string holds no less
      return time.equals(time.truncatedTo(ChronoUnit.MILLIS))
          ? Optional.empty()
          : Optional.of("whole milliseconds");
    }
    return Optional.of(bounds());
  }

  private Optional<String> checkRange(long n) {
    if (n < min || n > max) {
      return Optional.of(bounds());
    }
    return this == SEGMENT_SIZE && n % 64 != 0 ? Optional.of("a multiple of 64") : Optional.empty();
  }

  private String wrong(String value, String bound) {
    return "%s: %s (must be %s)".formatted(key, value, bound);
  }
}
