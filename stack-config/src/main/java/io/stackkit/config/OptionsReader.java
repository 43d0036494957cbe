package io.stackkit.config;

import io.stackkit.api.AllocatorOption;
import io.stackkit.api.AllocatorOption.Kind;
import io.stackkit.api.AllocatorOptions;
import io.stackkit.api.InvalidOptionsException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Makes options of a JSON object. What options there are, how their values look and what bounds
/// they have is asked of [AllocatorOption]; this class knows only how each kind is written in JSON.
final class OptionsReader {

  private static final List<String> KEYS =
      Arrays.stream(AllocatorOption.values()).map(AllocatorOption::key).toList();

  private final Problems problems;
  private final String path;
  private final AllocatorOptions.Builder builder = AllocatorOptions.builder();
  private final Map<AllocatorOption, Position> given = new EnumMap<>(AllocatorOption.class);
  private final Set<AllocatorOption> broken = EnumSet.noneOf(AllocatorOption.class);

  private OptionsReader(Problems problems, String path) {
    this.problems = problems;
    this.path = path;
  }

  /// Reads options.
  ///
  /// @param path what goes before a key in messages, such as `allocators[1].`
  /// @param whole false if members may be missing, so that nothing can be said of how options
  ///   relate
  /// @return the options; the defaults if there is a problem
  static AllocatorOptions read(Json.Members object, String path, boolean whole, Problems problems) {
    OptionsReader reader = new OptionsReader(problems, path);
    problems.addRepeated(object, path);
    for (Json.Member member : object.members()) {
      AllocatorOption.of(member.key())
          .ifPresentOrElse(option -> reader.set(option, member), () -> reader.unknown(member));
    }
    return whole ? reader.build() : AllocatorOptions.defaults();
  }

  private void add(Position at, String key, String message) {
    problems.add(at, path + Json.bare(key), message);
  }

  private void unknown(Json.Member member) {
    add(member.at(), member.key(), "no such option (" + Nearest.hint(member.key(), KEYS) + ")");
  }

  private void set(AllocatorOption option, Json.Member member) {
    Json value = member.value();
    given.put(option, value.at());
    wrong(option, value)
        .ifPresent(
            bound -> {
              broken.add(option);
              add(value.at(), option.key(), value.show() + " (" + bound + ")");
            });
  }

  /// Sets the option, or says what its value must be.
  private Optional<String> wrong(AllocatorOption option, Json value) {
    String text;
    switch (value) {
      case Json.Whole whole when takesNumbers(option.kind()) -> {
        Optional<Long> number = whole.number();
        if (number.isEmpty()) { // outside of every bound
          return Optional.of("must be " + option.expected());
        }
        // not left to set(), which reads sizes: those have no sign
        Optional<String> outside = option.check(number.get());
        if (outside.isPresent()) {
          return outside.map(message -> bound(option, message));
        }
        text = number.get().toString();
      }
      case Json.Text(_, String s) when takesText(option.kind()) -> {
        if (!s.equals(s.strip())) {
          return Optional.of("must be " + option.expected() + ", without spaces around it");
        }
        text = s;
      }
      case Json.Flag flag when option.kind() == Kind.FLAG -> text = String.valueOf(flag.value());
      default -> {
        return Optional.of("must be " + option.expected() + advice(option, value));
      }
    }
    try {
      builder.set(option.key(), text);
      return Optional.empty();
    } catch (InvalidOptionsException e) {
      return Optional.of(bound(option, e.violations().getFirst().message()));
    }
  }

  private static boolean takesNumbers(Kind kind) {
    return switch (kind) {
      case COUNT, SIZE -> true;
      case NAME, FLAG, ZEROING, TIME -> false;
    };
  }

  private static boolean takesText(Kind kind) {
    return switch (kind) {
      case NAME, SIZE, ZEROING, TIME -> true;
      case COUNT, FLAG -> false;
    };
  }

  /// Takes the bound from a message of the options, which ends with it in brackets; the value is
  /// printed anew, as the text has it.
  private static String bound(AllocatorOption option, String message) {
    int bound = message.lastIndexOf("(must ");
    return bound >= 0 && message.endsWith(")")
        ? message.substring(bound + 1, message.length() - 1)
        : "must be " + option.expected();
  }

  private static String advice(AllocatorOption option, Json value) {
    return switch (value) {
      case Json.Null _ -> "; leave it out for the default, " + option.format(option.defaultValue());
      case Json.Text _ -> ", without quotes";
      case Json.Whole _, Json.Fraction _, Json.Flag _ ->
          takesText(option.kind()) && !takesNumbers(option.kind()) ? ", in quotes" : "";
      case Json.Items _, Json.Members _ -> "";
    };
  }

  private AllocatorOptions build() {
    try {
      return builder.build();
    } catch (InvalidOptionsException e) {
      e.violations().forEach(this::addRelation);
      return AllocatorOptions.defaults();
    }
  }

  /// Reports options that contradict each other, at one that is given.
  private void addRelation(InvalidOptionsException.Violation violation) {
    List<AllocatorOption> concerned =
        Arrays.stream(AllocatorOption.values())
            .filter(o -> violation.message().matches(".*\\b" + Pattern.quote(o.key()) + "\\b.*"))
            .sorted(Comparator.comparing(o -> !o.key().equals(violation.option())))
            .toList();
    if (concerned.stream().anyMatch(broken::contains)) {
      return; // what it was meant to be is not known
    }
    Position at =
        concerned.stream()
            .filter(given::containsKey)
            .findFirst()
            .map(given::get)
            .orElse(Position.START);
    String defaults =
        concerned.stream()
            .filter(o -> !given.containsKey(o))
            .map(
                o ->
                    "; "
                        + o.key()
                        + " is not given, "
                        + o.format(o.defaultValue())
                        + " is its default")
            .collect(Collectors.joining());
    String key = violation.option();
    String message = violation.message();
    String bare = message.startsWith(key + ": ") ? message.substring(key.length() + 2) : message;
    add(at, key, bare + defaults);
  }
}
