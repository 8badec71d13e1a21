package io.sscam.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark runs, on small extents and once; a benchmark that throws fails the suite. */
class JmhSuiteTest {
  private static final TimeValue MOMENT = TimeValue.milliseconds(1);

  @Test
  void everyBenchmarkRuns() throws RunnerException, IOException {
    Options once =
        new OptionsBuilder()
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .measurementTime(MOMENT)
            .param("net", "squeezenet1_0")
            .param("side", "64")
            .param("batch", "2")
            .param("maps", "5x3x4")
            .param("picture", "20x30")
            .param("photo", "64x48")
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .build();
    Collection<RunResult> results = JmhSuite.run(once);
    assertThat(results)
        .allSatisfy(r -> assertThat(r.getPrimaryResult().getScore()).isGreaterThan(0));
    JsonNode json = new ObjectMapper().readTree(JmhSuite.json(results));
    Set<String> names = new TreeSet<>();
    json.forEach(row -> names.add(row.get("benchmark").asText()));
    assertThat(names)
        .containsExactlyElementsOf(
            JmhSuite.names().stream().map(name -> "io.sscam.bench.jmh." + name).sorted().toList());
    assertThat(JmhSuite.names())
        .contains("ForwardBenchmark.forward", "WeightsBenchmark.read", "OperationsBenchmark.call");
  }

  @Test
  void refusesAPatternThatFitsNothing() {
    assertThatThrownBy(() -> JmhSuite.run(List.of("Wheels"), true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no benchmark fits \"Wheels\"; there are: Explanation");
    assertThatThrownBy(() -> JmhSuite.run(List.of("("), true))
        .hasMessageContaining("is no regular expression");
  }
}
