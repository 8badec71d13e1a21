package io.sscam.bench.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What was measured so far as a file, which one process of the benchmarks hands to the next. */
public final class RecorderJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private RecorderJson() {}

  /** A row with its runs, a list for each round. */
  private record Runs(Recorder.Row row, List<List<Double>> rounds) {}

  /** A whole {@link Recorder}. */
  private record State(Sizes sizes, List<String> notes, int round, List<Runs> rows) {}

  /** Writes all runs, notes and sizes. */
  public static void write(Recorder recorder, Path file) throws IOException {
    List<Runs> rows = new ArrayList<>();
    recorder.samples().forEach((row, rounds) -> rows.add(new Runs(row, rounds)));
    State state = new State(recorder.sizes(), recorder.notes(), recorder.round(), rows);
    MAPPER.writeValue(file.toFile(), state);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException if it is anything else
   */
  public static Recorder read(Path file) throws IOException {
    State state = MAPPER.readValue(file.toFile(), State.class);
    Recorder recorder = new Recorder(state.sizes, state.round);
    state.notes.forEach(recorder::note);
    state.rows.forEach(runs -> recorder.put(runs.row, runs.rounds));
    return recorder;
  }
}
