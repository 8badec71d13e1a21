package io.sscam.evaluate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log line by line. A program that was killed leaves a log that is whole up to some byte;
 * so a last line without its end, and a last picture without all its variants, count as not
 * written. Anything else that is wrong is damage, and an error with its line number.
 */
final class LogReader {
  /** What the first line begins with; even a torn one shows that the file is a log. */
  static final String FORMAT = "sscam-evaluation-log/1";

  static final byte[] OPENING =
      "{\"format\":\"%s\"".formatted(FORMAT).getBytes(StandardCharsets.UTF_8);

  private static final String MEND = "name the log itself, or begin a new one";

  private final Object file;
  private final InputStream in;
  private final boolean keep;
  private final List<Outcome> outcomes = new ArrayList<>();
  private final List<Skipped> skipped = new ArrayList<>();
  private final Set<String> settled = new HashSet<>();
  private @Nullable RunSettings settings;
  private long read;
  private long whole;
  private int line;
  private int variant; // the next one of the picture being read
  private String picture = "";

  private LogReader(Object file, InputStream in, boolean keep) {
    this.file = file;
    this.in = in;
    this.keep = keep;
  }

  /**
   * What was read.
   *
   * @param settings of the first line, or null where that line itself was not finished
   * @param settled pictures explained or skipped
   * @param wholeBytes up to the end of the last settled picture
   * @param outcomes empty if they were not to be kept
   * @param skipped empty if they were not to be kept
   */
  record Read(
      @Nullable RunSettings settings,
      Set<String> settled,
      long wholeBytes,
      List<Outcome> outcomes,
      List<Skipped> skipped) {}

  /**
   * Reads to the end.
   *
   * @param keep whether the outcomes are wanted too, which may be many
   * @throws ResultLogException if a line is damaged or the file is no log
   */
  static Read read(Object file, InputStream in, boolean keep) throws IOException {
    LogReader reader = new LogReader(file, in, keep);
    byte[] line = reader.next();
    while (line != null) {
      reader.take(line);
      line = reader.next();
    }
    if (reader.variant > 0) { // the outcomes of a picture that was not finished
      int from = reader.outcomes.size() - (keep ? reader.variant : 0);
      reader.outcomes.subList(from, reader.outcomes.size()).clear();
    }
    return new Read(reader.settings, reader.settled, reader.whole, reader.outcomes, reader.skipped);
  }

  /** The next whole line without its end, or null. */
  private byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    line++;
    for (int b = in.read(); b >= 0; b = in.read()) {
      read++;
      if (b == '\n') {
        return bytes.toByteArray();
      }
      bytes.write(b);
      if (bytes.size() > JsonFields.LONGEST) {
        throw damage("longer than any line of a log", null);
      }
      if (line == 1 && bytes.size() == OPENING.length) {
        requireOpening(bytes.toByteArray());
      }
    }
    if (line == 1) {
      requireOpening(bytes.toByteArray());
    }
    return null;
  }

  /** Not one byte of a file that is no log may be cut off. */
  private void requireOpening(byte[] first) throws ResultLogException {
    for (int i = 0; i < Math.min(first.length, OPENING.length); i++) {
      if (first[i] != OPENING[i]) {
        throw new ResultLogException(file, "no log of an evaluation", MEND);
      }
    }
  }

  private void take(byte[] text) throws ResultLogException {
    try {
      JsonFields fields = JsonFields.parse(text);
      if (settings == null) {
        settings = header(fields);
        whole = read;
      } else if (fields.has("reason")) {
        takeSkipped(fields);
      } else {
        takeOutcome(fields, settings.variants());
      }
    } catch (IllegalArgumentException e) {
      throw damage(e.getMessage(), e);
    }
  }

  private static RunSettings header(JsonFields fields) {
    if (!fields.text("format").equals(FORMAT)) {
      throw new IllegalArgumentException("the format is not " + FORMAT);
    }
    RunSettings settings = SettingsJson.read(fields);
    fields.end();
    return settings;
  }

  private void takeSkipped(JsonFields fields) {
    Skipped one = new Skipped(fields.text("picture"), fields.text("reason"));
    fields.end();
    if (variant > 0) {
      throw new IllegalArgumentException("variants of %s are missing before it".formatted(picture));
    }
    settle(one.picture());
    if (keep) {
      skipped.add(one);
    }
  }

  private void takeOutcome(JsonFields fields, List<Variant> variants) {
    Outcome outcome = OutcomeJson.read(fields);
    fields.end();
    String expected = variants.get(variant).id();
    if (!outcome.variant().equals(expected)
        || (variant > 0 && !outcome.picture().equals(picture))) {
      throw new IllegalArgumentException(
          "it holds %s of %s where %s%s must follow"
              .formatted(
                  outcome.variant(),
                  outcome.picture(),
                  expected,
                  variant > 0 ? " of " + picture : ""));
    }
    picture = outcome.picture();
    if (keep) {
      outcomes.add(outcome);
    }
    variant++;
    if (variant == variants.size()) {
      variant = 0;
      settle(picture);
    }
  }

  private void settle(String id) {
    if (!settled.add(id)) {
      throw new IllegalArgumentException("picture %s comes a second time".formatted(id));
    }
    if (settings != null && settled.size() > settings.shard().pictures()) {
      throw new IllegalArgumentException(
          "more than the shard's %d pictures".formatted(settings.shard().pictures()));
    }
    whole = read;
  }

  private ResultLogException damage(@Nullable String why, @Nullable Throwable cause) {
    return new ResultLogException(
        file,
        "line %d is damaged: %s".formatted(line, why),
        "restore the log or begin anew",
        cause);
  }
}
