package io.sscam.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Labelled pictures, by id in the order of their characters, so that nothing depends on the order
 * in which a disk lists its files.
 *
 * @param name of the data set
 * @param split the part of it, where it has parts
 * @param samples those that can be used, as far as is known without decoding them
 * @param problems those that cannot
 */
public record DataSet(
    String name, @Nullable String split, List<Sample> samples, List<Problem> problems) {

  /** So that a number behind it is not cut off again. */
  private static final int LONGEST_STEM = 900;

  /** Sorts the samples; of those with the same id the first stays and the others are problems. */
  public DataSet {
    List<Sample> sorted = new ArrayList<>();
    List<Problem> all = new ArrayList<>(problems);
    Set<String> ids = new HashSet<>();
    for (Sample sample : samples) {
      if (ids.add(sample.id())) {
        sorted.add(sample);
      } else {
        all.add(new Problem(sample.id() + " (again)", "is named twice"));
      }
    }
    sorted.sort(Comparator.comparing(Sample::id));
    all.sort(Comparator.comparing(Problem::id));
    samples = List.copyOf(sorted);
    problems = withOwnIds(all, ids);
  }

  /** Numbers what shares its name with another, so that none is lost where they are kept by id. */
  private static List<Problem> withOwnIds(List<Problem> problems, Set<String> ids) {
    List<Problem> own = new ArrayList<>();
    Map<String, Integer> numbers = new HashMap<>();
    for (Problem problem : problems) {
      String id = problem.id();
      String stem = id.substring(0, Math.min(id.length(), LONGEST_STEM));
      while (!ids.add(id)) {
        id = stem + " #" + numbers.merge(stem, 2, (n, two) -> n + 1);
      }
      own.add(new Problem(id, problem.reason()));
    }
    return List.copyOf(own);
  }
}
