package io.stackkit.bench.report;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/// A table of text.
///
/// @param title what it shows
/// @param head names of the columns
/// @param rows cells, as many in each row as there are columns
public record Table(String title, ImmutableList<String> head, ImmutableList<List<String>> rows) {

  /// Prints it with columns in line: the first `left` of them to the left, the others to the right.
  String print(int left) {
    List<List<String>> all = new ArrayList<>(rows);
    all.addFirst(head);
    StringBuilder text = new StringBuilder();
    if (!title.isEmpty()) {
      text.append(title).append('\n');
    }
    for (List<String> row : all) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        int width = width(all, column);
        String cell = row.get(column);
        line.append(column == 0 ? "" : "  ")
            .append(
                column < left
                    ? Strings.padEnd(cell, width, ' ')
                    : Strings.padStart(cell, width, ' '));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
