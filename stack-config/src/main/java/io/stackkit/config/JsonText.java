package io.stackkit.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/// Turns a text into an object with places. What a file may have besides strict JSON: comments.
///
/// Jackson's parser cuts the text into tokens and knows their places; a binding to classes would
/// lose them, and stop at the first thing that is wrong.
final class JsonText {

  /// Deeper than any configuration, and far from the end of the thread's stack.
  private static final int MAX_DEPTH = 32;

  private static final JsonFactory JACKSON =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          // a number, string or key that is too long is for the option's bounds to refuse: one
          // limit is left
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final String text;
  private final JsonParser parser;

  private JsonText(String text, JsonParser parser) {
    this.text = text;
    this.parser = parser;
  }

  /// Reads an object. Where the text is no longer JSON, reading ends: what was read so far is
  /// returned, so that it can be checked as well.
  ///
  /// @return the object, or empty if the text does not begin with one
  static Optional<Json.Members> read(String text, Problems problems) {
    try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), text)) {
      return new JsonText(text, parser).root(problems);
    }
  }

  private Optional<Json.Members> root(Problems problems) {
    Json.Members root = null;
    try {
      JsonToken first = parser.nextToken();
      if (first == null) {
        problems.add(
            Position.START, "", "is empty (must be an object such as {\"allocator\": \"cached\"})");
        return Optional.empty();
      }
      if (first != JsonToken.START_OBJECT) {
        String found = first == JsonToken.START_ARRAY ? "a list" : value(first).show();
        problems.add(
            tokenAt(), "", found + " (must be an object such as {\"allocator\": \"cached\"})");
        return Optional.empty();
      }
      root = new Json.Members(tokenAt(), new ArrayList<>());
      fill(root.members());
      expectEnd(problems);
    } catch (StreamConstraintsException e) {
      // the bracket is read, but not yet the current token
      Position behind = position(parser.currentLocation());
      Position at = new Position(behind.line(), behind.column() - 1);
      problems.add(at, "", "nested too deeply (must be <= " + MAX_DEPTH + " levels)");
    } catch (JacksonException e) {
      addSyntaxError(e, root, problems);
    }
    return Optional.ofNullable(root);
  }

  private void expectEnd(Problems problems) {
    Position at = null;
    try {
      at = parser.nextToken() == null ? null : tokenAt();
    } catch (JacksonException e) {
      at = position(where(e));
    }
    if (at != null) {
      problems.add(at, "", "text after the end of the configuration (must be one object)");
    }
  }

  private void fill(List<Json.Member> members) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      Position at = tokenAt();
      String key = parser.currentName();
      members.add(new Json.Member(at, key, value(parser.nextToken())));
    }
  }

  private Json value(JsonToken token) {
    Position at = tokenAt();
    return switch (token) {
      case VALUE_STRING -> new Json.Text(at, parser.getString());
      case VALUE_NUMBER_INT -> new Json.Whole(at, parser.getString());
      case VALUE_NUMBER_FLOAT -> new Json.Fraction(at, parser.getString());
      case VALUE_TRUE -> new Json.Flag(at, true);
      case VALUE_FALSE -> new Json.Flag(at, false);
      case VALUE_NULL -> new Json.Null(at);
      case START_OBJECT -> {
        Json.Members object = new Json.Members(at, new ArrayList<>());
        fill(object.members());
        yield object;
      }
      case START_ARRAY -> {
        List<Json> items = new ArrayList<>();
        for (JsonToken next = parser.nextToken();
            next != JsonToken.END_ARRAY;
            next = parser.nextToken()) {
          items.add(value(next));
        }
        yield new Json.Items(at, items);
      }
      default -> throw new AssertionError(token);
    };
  }

  private Position tokenAt() {
    return position(parser.currentTokenLocation());
  }

  private static Position position(TokenStreamLocation location) {
    return new Position(location.getLineNr(), location.getColumnNr());
  }

  private TokenStreamLocation where(JacksonException e) {
    TokenStreamLocation location = e.getLocation();
    return location == null ? parser.currentLocation() : location;
  }

  private void addSyntaxError(JacksonException e, Json.@Nullable Members root, Problems problems) {
    TokenStreamLocation location = where(e);
    int offset = Math.clamp(location.getCharOffset(), 0, text.length());
    String bare = bareWord(offset);
    if (bare.isEmpty()) {
      problems.add(position(location), "", "not JSON: " + explain(e.getOriginalMessage(), offset));
      return;
    }
    // its digits were taken for a number, of which nothing need be said
    if (root != null && !root.members().isEmpty()) {
      root.members().removeLast();
    }
    String key = parser.currentName() == null ? "" : Json.bare(parser.currentName());
    problems.add(
        position(location), key, "not JSON: " + bare + " (must be in quotes: \"" + bare + "\")");
  }

  /// Returns the size or time without quotes that the place is within, such as `4k`; else an empty
  /// string.
  private String bareWord(int offset) {
    int from = offset;
    while (from > 0 && Character.isDigit(text.charAt(from - 1))) {
      from--;
    }
    int to = offset;
    while (to < text.length() && to < offset + 3 && Character.isLetter(text.charAt(to))) {
      to++;
    }
    boolean ends = to == text.length() || !Character.isLetterOrDigit(text.charAt(to));
    return from < offset && offset < to && ends ? text.substring(from, to) : "";
  }

  /// Says in plain words what Jackson found, without its switches and places.
  private String explain(String jackson, int offset) {
    if (text.substring(offset).isBlank()) {
      return "the text ends too early (a bracket, quote or comment is left open)";
    }
    char c = text.charAt(offset);
    if (c == '\n' || c == '\r') {
      return "the line ends within a string (a quote is left open)";
    }
    if ((c == ']' || c == '}') && text.substring(0, offset).stripTrailing().endsWith(",")) {
      return "a comma before the closing " + c;
    }
    String plain =
        jackson
            .replaceAll(" \\(for [^)]* starting at \\[.*", "")
            .replaceAll(" \\(code \\d+\\)", "")
            .replaceAll(":? (hexadecimal number literals require )?enabl(e|ing) `.*", "")
            .replace(
                " (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
                " a value")
            .replace("expected a valid value a value", "expected a value")
            .replace("Object entries", "the members of an object")
            .replace("Array entries", "the items of a list")
            .lines()
            .findFirst()
            .orElse("");
    return plain.isEmpty() ? plain : Character.toLowerCase(plain.charAt(0)) + plain.substring(1);
  }
}
