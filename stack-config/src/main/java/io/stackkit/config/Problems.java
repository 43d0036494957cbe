package io.stackkit.config;

import io.stackkit.config.StackConfigException.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Collects what is wrong with one source, so that it can be told at once. Not thread-safe.
final class Problems {

  private final String source;
  private final List<Problem> found = new ArrayList<>();

  Problems(String source) {
    this.source = source;
  }

  void add(Position at, String key, String message) {
    found.add(new Problem(at.line(), at.column(), key, message));
  }

  /// Adds what is given more than once in an object.
  ///
  /// @param path what goes before a key in messages
  void addRepeated(Json.Members object, String path) {
    Map<String, Position> first = new HashMap<>();
    for (Json.Member member : object.members()) {
      Position before = first.putIfAbsent(member.key(), member.at());
      if (before != null) {
        String message = "given twice (first in line " + before.line() + ")";
        add(member.at(), path + Json.bare(member.key()), message);
      }
    }
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /// Throws if there is anything to tell, in the order of the text.
  void throwIfAny() {
    if (!found.isEmpty()) {
      throw exception();
    }
  }

  StackConfigException exception() {
    List<Problem> sorted =
        found.stream()
            .distinct()
            .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
            .toList();
    return new StackConfigException(source, sorted);
  }
}
