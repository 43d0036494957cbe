package io.stackkit.stats;

import com.google.common.base.Joiner;
import com.google.common.base.Strings;
import io.stackkit.api.ByteSizes;
import io.stackkit.api.MachineStats;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Lays figures out in columns.
final class StatsTable {

  private static final List<String> HEAD =
      List.of("M", "in use", "idle", "allocations", "frees", "refills", "releases");

  private StatsTable() {}

  static String of(List<AllocatorStats> allocators) {
    return allocators.isEmpty()
        ? "no allocators"
        : Joiner.on('\n').join(allocators.stream().flatMap(StatsTable::lines).iterator());
  }

  private static Stream<String> lines(AllocatorStats allocator) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    allocator.machines().forEach(machine -> rows.add(row(machine)));
    rows.add(total(allocator));
    int[] widths = new int[HEAD.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return Stream.concat(Stream.of(title(allocator)), rows.stream().map(row -> pad(row, widths)));
  }

  private static String title(AllocatorStats allocator) {
    return "%s (%s): in use %s, idle %s, system %s; large: in use %s, idle %s; %s"
        .formatted(
            allocator.name(),
            allocator.options().toSpec(),
            ByteSizes.format(allocator.inUseBytes()),
            ByteSizes.format(allocator.idleBytes()),
            ByteSizes.format(allocator.sysBytes()),
            ByteSizes.format(allocator.large().inUseBytes()),
            ByteSizes.format(allocator.large().idleBytes()),
            allocator.exact() ? "exact" : "+-%d segments".formatted(allocator.uncertainty()));
  }

  private static List<String> row(MachineStats machine) {
    return row(
        Integer.toString(machine.id()),
        machine.inUse(),
        machine.idle(),
        machine.allocations(),
        machine.frees(),
        machine.refills(),
        machine.releases());
  }

  private static List<String> total(AllocatorStats allocator) {
    return row(
        "all",
        allocator.inUse(),
        allocator.sum(MachineStats::idle),
        allocator.sum(MachineStats::allocations),
        allocator.sum(MachineStats::frees),
        allocator.sum(MachineStats::refills),
        allocator.sum(MachineStats::releases));
  }

  private static List<String> row(String label, long... figures) {
    List<String> row = new ArrayList<>();
    row.add(label);
    for (long figure : figures) {
      row.add(Long.toString(figure));
    }
    return row;
  }

  private static String pad(List<String> row, int[] widths) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < widths.length; i++) {
      cells.add(Strings.padStart(row.get(i), widths[i], ' '));
    }
    return Joiner.on("  ").join(cells);
  }
}
