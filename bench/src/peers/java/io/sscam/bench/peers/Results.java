package io.sscam.bench.peers;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one program measured: the format that all of them write, in Java and in Python, and {@link
 * PeerTable} reads.
 *
 * @param schema {@link #SCHEMA}
 * @param program which one
 * @param environment where and with what, as words
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Results(
    int schema,
    String program,
    Map<String, String> environment,
    List<ForwardTime> forward,
    List<MaskTime> masks,
    List<ExplanationTime> explanations) {
  /** Raised whenever a field changes its meaning. */
  static final int SCHEMA = 1;

  /** A full run is some ten kilobytes. */
  private static final long LARGEST = 1 << 20;

  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

  /**
   * One engine's forward pass.
   *
   * @param engine such as {@code ours}
   * @param device {@code cpu} or the GPU's name
   * @param milliseconds median for one picture
   * @param ratio median of its turn ÷ our turn of the same round; null if it was measured alone
   * @param cpuRatio the same of all CPU time, or null
   * @param error largest difference of a logit from ours ÷ largest logit, or null
   */
  record ForwardTime(
      String net,
      String engine,
      String device,
      int batch,
      double milliseconds,
      int rounds,
      @Nullable Double ratio,
      @Nullable Double cpuRatio,
      @Nullable Double error) {}

  /**
   * Our SS-CAM's cost a scored mask beside our bare forward pass.
   *
   * @param milliseconds a scored mask
   * @param bareMilliseconds a picture of the forward pass next to it
   * @param ratio median of the first ÷ the second, pair by pair
   * @param cpuRatio CPU time of the first ÷ CPU time of the second
   */
  record MaskTime(
      String net,
      int batch,
      double milliseconds,
      double bareMilliseconds,
      double ratio,
      double cpuRatio) {}

  /**
   * Whole explanations of one picture.
   *
   * @param implementation such as {@code ours} or {@code torch-cam 0.4.0}
   * @param method such as {@code SS-CAM}
   * @param device {@code cpu} or the GPU's name
   * @param passes forward passes of one explanation
   * @param seconds median
   */
  record ExplanationTime(
      String net,
      String implementation,
      String method,
      String device,
      String precision,
      int samples,
      int batch,
      long passes,
      double seconds,
      int repeats) {}

  void write(Path file) throws IOException {
    MAPPER.writeValue(file.toFile(), this);
  }

  /**
   * Reads a file of one of the programs.
   *
   * @throws IOException if it is none; the one-line message names the file and the cause
   */
  static Results read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw refuse(file, "is no file");
    }
    if (Files.size(file) > LARGEST) {
      throw refuse(file, "is larger than any result");
    }
    try {
      Results results = MAPPER.readValue(Files.readAllBytes(file), Results.class);
      if (results == null || results.schema != SCHEMA) {
        throw refuse(file, "is no result of schema " + SCHEMA);
      }
      return results;
    } catch (JsonProcessingException e) {
      throw refuse(
          file, "is no result (" + e.getOriginalMessage().lines().findFirst().orElse("") + ")");
    }
  }

  private static IOException refuse(Path file, String why) {
    return new IOException(file + " " + why + "; name files that the programs' --json wrote");
  }
}
