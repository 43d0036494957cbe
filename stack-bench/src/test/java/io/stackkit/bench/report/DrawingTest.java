package io.stackkit.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.stackkit.bench.report.Chart.Point;
import io.stackkit.bench.report.Chart.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What can be read off the drawings of charts.
class DrawingTest {

  @Test
  void manySeriesStayAtTheirPlaces() {
    List<Series> series = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      List<Point> points =
          IntStream.range(0, 6).mapToObj(place -> new Point(place, exact(100))).toList();
      series.add(new Series("series " + i, 0, points));
    }
    List<String> places = List.of("1", "2", "4", "8", "16", "32");

    String drawing = LineChart.draw(new Chart("many", "ns/op", places, "threads", series));

    List<Double> labels =
        places.stream()
            .map(place -> first(drawing, "\"middle\" x=\"([0-9.]+)\"[^>]*>" + place + "<"))
            .toList();
    double step = labels.get(1) - labels.get(0);
    for (MatchResult circle : all(drawing, "cx=\"([0-9.]+)\"[^>]*><title>series \\d+, (\\d+):")) {
      double label = labels.get(places.indexOf(circle.group(2)));
      assertThat(Math.abs(Double.parseDouble(circle.group(1)) - label)).isLessThan(step / 2);
    }
  }

  @Test
  void longFiguresAreWithinTheDrawing() {
    Statistic value = new Statistic(3, 183333, 75892, 0, 0);

    String drawing = BarChart.draw(bars(new Series("cached", 0, at(value))));

    double start = first(drawing, "class=\"figure\"[^>]* x=\"([0-9.]+)\"");
    assertThat(start + 7 * "183333 ±75892".length())
        .isLessThan(first(drawing, "viewBox=\"0 0 (\\d+)"));
  }

  @Test
  void longNamesAreWithinTheDrawingAndDiffer() {
    for (String pattern :
        List.of("cached,cacheSize=64,batchSize=%d", "cached,x=%d,batchSize=99999")) {
      List<Series> series =
          IntStream.of(16, 32)
              .mapToObj(n -> new Series(pattern.formatted(n), 0, at(exact(n))))
              .toList();

      String drawing = BarChart.draw(bars(series.toArray(Series[]::new)));

      double end = first(drawing, "class=\"name\"[^>]* x=\"([0-9.]+)\"");
      List<String> names =
          all(drawing, "class=\"name\"[^>]*>([^<]*)<").stream().map(m -> m.group(1)).toList();
      assertThat(names).hasSize(2).doesNotHaveDuplicates();
      assertThat(names).allMatch(name -> name.startsWith("cached") && 7 * name.length() <= end);
    }
  }

  @Test
  void figuresOfTicksDoNotCollide() {
    String drawing =
        BarChart.draw(
            bars(new Series("a", 0, at(exact(10000))), new Series("b", 1, at(exact(9000000)))));

    double free = 0;
    for (MatchResult tick : all(drawing, "class=\"tick\"[^>]* x=\"([0-9.]+)\"[^>]*>([^<]*)<")) {
      double half = 3.5 * tick.group(2).length();
      double middle = Double.parseDouble(tick.group(1));
      assertThat(middle - half).isGreaterThanOrEqualTo(free);
      free = middle + half;
    }
  }

  @Test
  void anErrorThatIsClippedHasNoCapThere() {
    Series large = new Series("large", 0, at(exact(1000)));
    Series clipped = new Series("clipped", 1, at(new Statistic(3, 10, 9.9, 0, 0)));
    Series whole = new Series("whole", 1, at(new Statistic(3, 10, 8, 0, 0)));

    // The bar itself, and its caps.
    assertThat(all(BarChart.draw(bars(large, clipped)), "class=\"bar\"")).hasSize(2);
    assertThat(all(BarChart.draw(bars(large, whole)), "class=\"bar\"")).hasSize(3);
    assertThat(all(LineChart.draw(bars(large, clipped)), "class=\"bar\"")).hasSize(2);
    assertThat(all(LineChart.draw(bars(large, whole)), "class=\"bar\"")).hasSize(3);
    Series linear = new Series("linear", 0, at(new Statistic(3, 10, 12, 0, 0)));
    assertThat(all(BarChart.draw(bars(linear)), "class=\"over\"")).hasSize(2);
  }

  @Test
  void anAxisReachesDownToTheErrorsUnlessTheyAreFar() {
    Series large = new Series("large", 0, at(exact(1000)));

    assertThat(bars(large, new Series("near", 1, at(new Statistic(3, 10, 8, 0, 0)))).scale().low())
        .isEqualTo(2);
    assertThat(bars(large, new Series("far", 1, at(new Statistic(3, 10, 9.9, 0, 0)))).scale().low())
        .isEqualTo(10);
  }

  @Test
  void looksOfManySeriesDiffer() {
    List<String> looks = IntStream.range(0, 20).mapToObj(Svg::look).toList();
    List<String> marks =
        IntStream.of(0, 8, 16, 24)
            .mapToObj(i -> new Svg(9, 9, "").mark(i, 5, 5, 3, "").toString())
            .toList();

    assertThat(looks).doesNotHaveDuplicates();
    assertThat(marks).doesNotHaveDuplicates();
  }

  private static Chart bars(Series... series) {
    return new Chart("bars", "ns/op", List.of("1"), "threads", List.of(series));
  }

  private static List<Point> at(Statistic value) {
    return List.of(new Point(0, value));
  }

  private static Statistic exact(double mean) {
    return new Statistic(1, mean, Double.NaN, mean, mean);
  }

  private static List<MatchResult> all(String drawing, String pattern) {
    return Pattern.compile(pattern).matcher(drawing).results().toList();
  }

  private static double first(String drawing, String pattern) {
    return Double.parseDouble(all(drawing, pattern).getFirst().group(1));
  }
}
