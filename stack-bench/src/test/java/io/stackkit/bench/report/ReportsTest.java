package io.stackkit.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import io.stackkit.bench.peer.Contender;
import io.stackkit.bench.run.Collector;
import io.stackkit.bench.run.Outcome;
import io.stackkit.bench.run.Step;
import io.stackkit.bench.run.Step.Row;
import io.stackkit.bench.workload.Figures;
import io.stackkit.bench.workload.Workload;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/// Reports of fixed figures.
class ReportsTest {

  private static final Contender OLD = Contender.parse("fixalloc");
  private static final Contender NEW = Contender.parse("cached");
  private static final Contender PEER = Contender.parse("malloc");
  private static final Environment ENVIRONMENT =
      new Environment(ImmutableMap.of("cpu", "A & B <1>", "processors", "2"));

  private final List<Outcome> outcomes = new ArrayList<>();

  @Test
  void twoContendersMakeTheCommitsTable() {
    add(Workload.GROWTH, 1, OLD, 100, 101, 102);
    add(Workload.GROWTH, 1, NEW, 100, 101, 102.5);
    add(Workload.GROWTH, 8, OLD, 200, 202, 204);
    add(Workload.GROWTH, 8, NEW, 100, 101, 102);
    addMemory(OLD, 3, 256, 1.5, 1.5, 1.5);
    addMemory(NEW, 2, 8, 1.0, 1.0, 1.0);

    String text = TextReport.of(new Results(List.of(OLD, NEW), outcomes), ENVIRONMENT);

    assertThat(lines(text))
        .contains(
            "benchmark old ns/op new ns/op delta",
            "StackGrowth 101 ±2 101 ±3 ~ (+0.17% ±4.0%)",
            "StackGrowth-8 202 ±5 101 ±2 -50.00% ±1.7%",
            "benchmark old new delta",
            "StackMem, MB 256 ±0 8.00 ±0.00 -96.88% ±0%",
            "StackMem, sec 1.50 ±0.00 1.00 ±0.00 -33.33% ±0%",
            "old = fixalloc, new = cached");
  }

  @Test
  void moreContendersAreComparedWithTheFirst() {
    add(Workload.PAIR, 1, OLD, 10, 10, 10);
    add(Workload.PAIR, 1, NEW, 11, 11, 11);
    add(Workload.PAIR, 1, PEER, 50, 50, 50);
    add(Workload.PAIR, 2, PEER, 60, 60, 60);

    String text = TextReport.of(new Results(List.of(OLD, NEW, PEER), outcomes), ENVIRONMENT);

    assertThat(lines(text))
        .contains(
            "Pair fixalloc 10.0 ±0.0 1.00x",
            "cached 11.0 ±0.0 1.10x",
            "malloc 50.0 ±0.0 5.00x",
            "Pair-2 malloc 60.0 ±0.0 -");
  }

  @Test
  void pairsAreShownAsTimesTheFirst() {
    for (Contender contender : List.of(OLD, NEW)) {
      Row row = new Row(Workload.DEEP, 2, Collector.G1, true);
      double base = contender.equals(OLD) ? 1 : 1.04;
      for (int fork = 1; fork <= 3; fork++) {
        Step step = new Step(row, contender, fork);
        double times = base + 0.01 * (fork - 2);
        outcomes.add(new Outcome.Measured(step, times, Double.NaN, Figures.UNKNOWN, null));
      }
    }
    Results results = new Results(List.of(OLD, NEW), outcomes);

    assertThat(lines(TextReport.of(results, ENVIRONMENT)))
        .contains(
            "benchmark allocator times the first least fork most",
            "StackGrowthDeep-2 fixalloc 1.00 ±0.02 0.99 1.01",
            "cached 1.04 ±0.02 1.03 1.05",
            "One turn, by the number of threads: 30 ms at 2.")
        .noneMatch(line -> line.startsWith("benchmark old"));
    assertThat(HtmlReport.of(results, ENVIRONMENT)).contains(">times the first<", ">1.04 ±0.02<");
  }

  @Test
  void aSingleForkHasNoError() {
    add(Workload.GROWTH, 1, OLD, 100);
    add(Workload.GROWTH, 1, NEW, 150);

    String text = TextReport.of(new Results(List.of(OLD, NEW), outcomes), ENVIRONMENT);

    assertThat(lines(text)).contains("StackGrowth 100 150 +50.00% (?)");
  }

  @Test
  void failuresAreNotHidden() {
    add(Workload.GROWTH, 1, OLD, 100);
    Row row = new Row(Workload.GROWTH, 1, Collector.G1, false);
    outcomes.add(new Outcome.Failed(new Step(row, NEW, 1), "no <memory>"));
    Results results = new Results(List.of(OLD, NEW), outcomes);

    assertThat(TextReport.of(results, ENVIRONMENT))
        .contains("StackGrowth, cached, fork 1: no <memory>");
    assertThat(HtmlReport.of(results, ENVIRONMENT)).contains("no &lt;memory&gt;");
    assertThat(lines(TextReport.of(results, ENVIRONMENT))).contains("StackGrowth 100 -");
  }

  @Test
  void memoryIsATableOfItsOwn() {
    addMemory(OLD, 3, 256, 1.5);

    assertThat(lines(TextReport.of(new Results(List.of(OLD), outcomes), ENVIRONMENT)))
        .contains(
            "benchmark allocator from the system, MB peak in use, MB Ms",
            "StackMem fixalloc 256 8.00 3.00");
  }

  @Test
  void thePageStandsAloneAndItsDrawingsAreWellFormed() throws Exception {
    add(Workload.DEEP, 1, OLD, 100, 110, 120);
    add(Workload.DEEP, 2, OLD, 5000, 5100, 5200);
    add(Workload.DEEP, 1, NEW, 90, 91, 92);
    addMemory(OLD, 3, 256, 1.5, 1.6, 1.7);
    addMemory(NEW, 3, 8, 1.5, 1.6, 1.7);

    String page = HtmlReport.of(new Results(List.of(OLD, NEW), outcomes), ENVIRONMENT);

    assertThat(page)
        .startsWith("<!DOCTYPE html>")
        .contains("A &amp; B &lt;1&gt;")
        .contains("<h3>StackGrowthDeep</h3>")
        .contains("ns/op, logarithmic")
        .contains("<title>fixalloc, 2: 5100 ±248 ns/op</title>")
        .contains("<h3>StackMem: memory</h3>")
        .doesNotContain("<script", "src=", "href=");
    Matcher drawing = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL).matcher(page);
    int drawings = 0;
    for (; drawing.find(); drawings++) {
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(drawing.group())));
    }
    // Two of them are in the legend.
    assertThat(drawings).isEqualTo(5);
  }

  @Test
  void theEnvironmentIsJson() {
    assertThat(new Environment(ImmutableMap.of("a", "\"b\\\n", "c", "d")).toJson())
        .isEqualTo("{\n  \"a\": \"\\\"b\\\\\\u000a\",\n  \"c\": \"d\"\n}\n");
  }

  /// The lines of a report, however wide their columns are.
  private static List<String> lines(String text) {
    return text.lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
  }

  private void add(Workload workload, int threads, Contender contender, double... times) {
    Row row = new Row(workload, threads, Collector.G1, false);
    for (int i = 0; i < times.length; i++) {
      Step step = new Step(row, contender, i + 1);
      outcomes.add(new Outcome.Measured(step, times[i], Double.NaN, Figures.UNKNOWN, null));
    }
  }

  private void addMemory(Contender contender, long machines, long megabytes, double... times) {
    Row row = new Row(Workload.STACKMEM, 1, Collector.G1, false);
    Figures figures = new Figures(megabytes << 20, -1, 8 << 20, -1, machines, -1);
    for (int i = 0; i < times.length; i++) {
      Step step = new Step(row, contender, i + 1);
      outcomes.add(new Outcome.Measured(step, times[i], Double.NaN, figures, null));
    }
  }
}
