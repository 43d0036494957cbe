package io.stackkit.config;

/// A place in a text, counted from 1 in lines and in `char`s of the line.
record Position(int line, int column) {

  /// What concerns no place: a file that is not there.
  static final Position NONE = new Position(0, 0);

  static final Position START = new Position(1, 1);

  /// Finds the place just behind a text: where a text that begins so goes on.
  static Position after(CharSequence text) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean ends =
          c == '\n' || (c == '\r' && !(i + 1 < text.length() && text.charAt(i + 1) == '\n'));
      line = ends ? line + 1 : line;
      column = ends ? 1 : column + 1;
    }
    return new Position(line, column);
  }
}
