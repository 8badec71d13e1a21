package io.sscam.bench.cli;

import io.sscam.data.Sample;
import io.sscam.evaluate.Results;
import io.sscam.evaluate.report.Report;
import io.sscam.nets.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The report of an evaluation, in a folder of the user's. */
final class ReportFiles {
  private ReportFiles() {}

  /**
   * Makes the folder if it is missing.
   *
   * @throws OutputException if it cannot be written
   */
  static void prepare(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, ".sscam", ".try"));
    } catch (IOException e) {
      throw new OutputException(folder, e);
    }
  }

  /** Writes page, JSON and CSV. */
  static void write(Path folder, Results results, Function<String, Optional<RgbImage>> pictures) {
    try {
      Report.write(folder, results, Report.Options.here(pictures, Optional.of(Instant.now())));
    } catch (IOException e) {
      throw new OutputException(folder, e);
    }
  }

  /** Reads a picture again by its id, for the overlays. */
  static Function<String, Optional<RgbImage>> pictures(List<Sample> samples) {
    Map<String, Sample> byId = new HashMap<>();
    samples.forEach(sample -> byId.put(sample.id(), sample));
    return id -> {
      Sample sample = byId.get(id);
      try {
        return sample == null ? Optional.empty() : Optional.of(sample.picture().read());
      } catch (IOException e) {
        return Optional.empty(); // the page says that the picture is gone
      }
    };
  }
}
