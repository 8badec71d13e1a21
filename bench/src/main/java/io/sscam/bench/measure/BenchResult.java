package io.sscam.bench.measure;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that one run of the benchmarks found.
 *
 * @param quick whether it was the short selection
 * @param environment facts of the machine, by name, in their order
 * @param roof what the machine can do
 * @param measurements the rows, by group
 * @param notes sentences for the reader
 */
public record BenchResult(
    boolean quick,
    Map<String, String> environment,
    Roof roof,
    List<Measurement> measurements,
    List<String> notes) {

  /** Makes the collections immutable. */
  public BenchResult {
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    measurements = List.copyOf(measurements);
    notes = List.copyOf(notes);
  }

  /** The rows of one group. */
  List<Measurement> of(Group group) {
    return measurements.stream().filter(row -> row.group() == group).toList();
  }

  String fact(String name) {
    return environment.getOrDefault(name, "");
  }
}
