package io.stackkit.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Says which segments were never freed, by the place that allocated them.
final class LeakReport {

  /// More places than anybody reads.
  private static final int MOST_PLACES = 20;

  private LeakReport() {}

  static String of(List<CheckedSegment> leaked) {
    Map<List<String>, List<CheckedSegment>> byPlace = new LinkedHashMap<>();
    leaked.forEach(s -> byPlace.computeIfAbsent(s.site.frames(), _ -> new ArrayList<>()).add(s));
    List<List<CheckedSegment>> places = new ArrayList<>(byPlace.values());
    places.sort(Comparator.comparingInt((List<CheckedSegment> p) -> p.size()).reversed());

    StringBuilder text = new StringBuilder();
    text.append(
        "closed with %d segments in use (%s), all released now; by the place that allocated them:"
            .formatted(leaked.size(), ByteSizes.format(bytes(leaked))));
    places.stream().limit(MOST_PLACES).forEach(place -> append(text, place));
    if (places.size() > MOST_PLACES) {
      text.append("\n  and at %d more places".formatted(places.size() - MOST_PLACES));
    }
    return text.append("\nFree them on every path, such as by try-with-resources.").toString();
  }

  private static void append(StringBuilder text, List<CheckedSegment> place) {
    AllocationSite site = place.getFirst().site;
    text.append(
        "\n  %d segments (%s), first by thread %s:"
            .formatted(place.size(), ByteSizes.format(bytes(place)), site.thread()));
    site.frames().forEach(frame -> text.append("\n    at ").append(frame));
  }

  private static long bytes(List<CheckedSegment> segments) {
    return segments.stream().mapToLong(CheckedSegment::byteSize).sum();
  }
}
