package io.stackkit.config;

import java.io.Serial;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;

/// Thrown when a configuration cannot be read or is wrong. Nothing has been opened or changed.
///
/// The message has a line for each problem, in the form that editors and terminals make a link of:
///
/// ```
/// stack.json:3:3: cacheSiz: no such option (did you mean cacheSize?)
/// stack.json:4:16: batchSize: 0 (must be from 1 to 65536)
/// ```
public final class StackConfigException extends IllegalArgumentException {

  @Serial private static final long serialVersionUID = 1L;

  /// One thing that is wrong.
  ///
  /// @param line the line, counted from 1; 0 if the problem has no place, as with a file that is
  ///   not there
  /// @param column the column, counted from 1 in `char`s, a tab being one; 0 if the problem has no
  ///   place
  /// @param key the key that the problem is about, with the way to it, such as `cacheSize` or
  ///   `allocators[1].cacheSize`; empty if it is about none, as with text that is not JSON
  /// @param message the value and the bound, and what to do, on one line and without the key
  public record Problem(int line, int column, String key, String message) implements Serializable {

    /// Prints the problem without the name of the file.
    ///
    /// @return such as `4:16: batchSize: 0 (must be from 1 to 65536)`
    @Override
    public String toString() {
      String place = line == 0 ? "" : line + ":" + column + ": ";
      return place + (key.isEmpty() ? "" : key + ": ") + message;
    }
  }

  /// Where the text came from.
  private final String source;

  /// An array, as a list need not be serializable.
  private final Problem[] problems;

  StackConfigException(String source, List<Problem> problems) {
    super(
        problems.stream()
            .map(problem -> source + (problem.line() == 0 ? ": " : ":") + problem)
            .collect(Collectors.joining("\n")));
    this.source = source;
    this.problems = problems.toArray(Problem[]::new);
  }

  /// Returns where the configuration came from.
  ///
  /// @return the file as it was named, or `config` for a string
  public String source() {
    return source;
  }

  /// Returns what is wrong.
  ///
  /// @return the problems in the order of the text, at least one
  public List<Problem> problems() {
    return List.of(problems);
  }
}
