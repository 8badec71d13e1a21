package io.sscam.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class DataSetTest {

  @Test
  void samplesAreSortedByCharacterAndKeptOnce() {
    Sample first = Made.sample("b");
    DataSet set =
        new DataSet("x", null, List.of(first, Made.sample("a"), Made.sample("b")), List.of());
    assertThat(Made.ids(set.samples())).containsExactly("a", "b");
    assertThat(set.samples().get(1)).isSameAs(first);
    assertThat(set.problems()).containsExactly(new Problem("b (again)", "is named twice"));
  }

  @Test
  void noProblemHidesAnotherOrASample() {
    DataSet set =
        new DataSet(
            "x",
            null,
            List.of(Made.sample("a"), Made.sample("b")),
            List.of(
                new Problem("a", "1"),
                new Problem("c", "2"),
                new Problem("c", "3"),
                new Problem("c #2", "4")));
    assertThat(set.problems())
        .extracting(Problem::id)
        .doesNotHaveDuplicates()
        .doesNotContain("a", "b")
        .hasSize(4);
    assertThat(set.problems()).extracting(Problem::reason).containsExactly("1", "2", "3", "4");
  }

  @Test
  void aProblemHasAName() {
    assertThat(new Problem("\u0001", "why").id()).isEqualTo("(no name)");
  }

  @Test
  void longNamesKeepTheirNumbers() {
    Problem first = new Problem("x".repeat(2000) + "a", "1");
    Problem second = new Problem("x".repeat(2000) + "b", "2");
    DataSet set = new DataSet("x", null, List.of(), List.of(first, second, second));
    assertThat(set.problems()).extracting(Problem::id).doesNotHaveDuplicates().hasSize(3);
  }

  @Test
  void manyOfOneNameTakeNoLongerEach() {
    List<Problem> many = Collections.nCopies(300_000, new Problem("a", "why"));
    DataSet set =
        assertTimeoutPreemptively(
            Duration.ofSeconds(60), () -> new DataSet("x", null, List.of(), many));
    assertThat(set.problems())
        .extracting(Problem::id)
        .doesNotHaveDuplicates()
        .contains("a #300000");
  }

  @Test
  void aProblemIsOneLineWhateverItsCauseSays() {
    Problem problem =
        Problem.of("a\nb", new IllegalStateException("c\r\n\u001b[2Jd\u2028" + "e".repeat(9999)));
    Made.oneLine(problem.id());
    Made.oneLine(problem.reason());
    assertThat(problem.reason()).startsWith("c").contains("d", "eee").endsWith("…");
    Made.oneLine(Problem.of("a", new IllegalStateException()).reason());
  }
}
