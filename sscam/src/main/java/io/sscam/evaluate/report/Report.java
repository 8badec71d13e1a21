package io.sscam.evaluate.report;

import io.sscam.engine.file.AtomicFile;
import io.sscam.evaluate.Results;
import io.sscam.evaluate.Summary;
import io.sscam.nets.RgbImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Writes what an evaluation gave: {@code report.html}, one file that needs no other and no network;
 * {@code report.json}; and {@code report.csv}, one row a variant. Apart from times, the files
 * depend on the results alone, not on the order in which they were found.
 */
public final class Report {
  private Report() {}

  /**
   * What a report needs beside the results.
   *
   * @param pictures the picture of an id as a person sees it, for the overlays; empty if it cannot
   *     be read any more
   * @param environment what else is worth knowing, name to value: Java, system, …
   * @param written when the report is written; without it the files hold no time at all, neither
   *     this one nor seconds
   */
  public record Options(
      Function<String, Optional<RgbImage>> pictures,
      SortedMap<String, String> environment,
      Optional<Instant> written) {

    public Options {
      environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    }

    /** Java and system of this process, and the given time. */
    public static Options here(
        Function<String, Optional<RgbImage>> pictures, Optional<Instant> written) {
      return new Options(
          pictures,
          new TreeMap<>(
              Map.of(
                  "java", System.getProperty("java.vm.name") + " " + Runtime.version(),
                  "system", System.getProperty("os.name") + " " + System.getProperty("os.arch"))),
          written);
    }
  }

  /**
   * Writes the three files, each wholly or not at all.
   *
   * @param folder which must exist
   * @throws IOException if one cannot be written; its one-line message names it
   */
  public static void write(Path folder, Results results, Options options) throws IOException {
    Summary summary = Summary.of(results);
    write(folder.resolve("report.json"), ReportJson.write(summary, options));
    write(folder.resolve("report.csv"), ReportCsv.write(summary, options.written().isPresent()));
    write(folder.resolve("report.html"), new Page(results, summary, options).draw().toString());
  }

  private static void write(Path file, String text) throws IOException {
    AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }
}
