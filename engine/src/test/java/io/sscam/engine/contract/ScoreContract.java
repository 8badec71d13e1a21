package io.sscam.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.CamOperations.Aggregate;
import io.sscam.engine.backend.CamOperations.Score;
import io.sscam.engine.backend.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Scores, weights and the weighted sum. */
abstract class ScoreContract extends Bench {
  ScoreContract(BackendContract contract) {
    super(contract);
  }

  @ParameterizedTest
  @CsvSource({
    "LOGIT, 1, 1, 1",
    "PROBABILITY, 1, 1, 1",
    "LOGIT, 5, 10, 2",
    "PROBABILITY, 5, 10, 2",
    "PROBABILITY, 7, 1000, 30",
    "PROBABILITY, 3, 17, 200"
  })
  void gatherScore(Score score, int batch, int classes, float scale) {
    float[] logits = Values.mixed(batch, classes);
    for (int e = 0; e < logits.length; e++) {
      logits[e] *= scale; // at ±400 a softmax without its maximum taken off overflows
    }
    int[] wanted = {classes - 1, 0, classes / 2};
    try (Arena arena = session.arena("a")) {
      Tensor scores = poisoned(arena, "scores", 3, batch);
      session.gatherScore(
          floats(arena, "logits", logits, batch, classes),
          batch,
          ints(arena, "classes", wanted),
          score,
          0,
          scores);
      double[] expected = new double[3 * batch];
      for (int b = 0; b < batch; b++) {
        float[] row = Arrays.copyOfRange(logits, b * classes, (b + 1) * classes);
        double[] values = score == Score.LOGIT ? Formulas.doubles(row) : Formulas.softmax(row);
        for (int q = 0; q < 3; q++) {
          expected[q * batch + b] = values[wanted[q]];
        }
      }
      Near.each("scores", download(scores), expected);
    }
  }

  @ParameterizedTest
  @EnumSource(Score.class)
  void gatherScoreWritesItsColumnsOnly(Score score) {
    float[] logits = Values.mixed(4, 10);
    Arrays.fill(logits, 20, 40, Float.NaN); // rows that are not to be read
    try (Arena arena = session.arena("a")) {
      Tensor scores = poisoned(arena, "scores", 2, 9);
      Tensor device = floats(arena, "logits", logits, 4, 10);
      Tensor classes = ints(arena, "classes", 3, 8);
      session.gatherScore(device, 2, classes, score, 5, scores);
      float[] all = download(scores);
      for (int q = 0; q < 2; q++) {
        assertThat(all[9 * q + 5]).isNotNaN();
        assertThat(all[9 * q + 6]).isNotNaN();
        Near.untouched("columns 0 … 4", all, 9 * q, 9 * q + 5);
        Near.untouched("columns 7, 8", all, 9 * q + 7, 9 * q + 9);
      }
    }
  }

  @Test
  void gatherScoreShowsNan() {
    float[] logits = Values.mixed(2, 10);
    logits[13] = Float.NaN; // row 1, class 3
    try (Arena arena = session.arena("a")) {
      Tensor device = floats(arena, "logits", logits, 2, 10);
      Tensor probabilities = poisoned(arena, "probabilities", 1, 2);
      Tensor logit = poisoned(arena, "logit", 1, 2);
      session.gatherScore(device, 2, ints(arena, "c", 4), Score.PROBABILITY, 0, probabilities);
      session.gatherScore(device, 2, ints(arena, "d", 3), Score.LOGIT, 0, logit);
      Near.nan("probability beside a NaN", download(probabilities), 1, 2);
      Near.nan("logit", download(logit), 1, 2);
      assertThat(download(probabilities)[0]).isNotNaN();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "MAX, 1, 1, 1", "MEAN, 1, 1, 1",
    "MAX, 2, 3, 10", "MEAN, 2, 3, 10",
    "MAX, 3, 64, 3", "MEAN, 3, 64, 35"
  })
  void reduceScores(Aggregate aggregate, int rows, int channels, int samples) {
    float[] scores = Values.mixed(rows, channels, samples);
    for (int e = 0; e < samples; e++) {
      scores[e] = -Math.abs(scores[e]) - 1; // a maximum that starts at 0 shows
    }
    float[] baseline = Values.mixed(rows);
    double[] expected = new double[rows * channels];
    for (int e = 0; e < expected.length; e++) {
      double[] each = Formulas.doubles(Arrays.copyOfRange(scores, e * samples, (e + 1) * samples));
      double one =
          aggregate == Aggregate.MAX
              ? Formulas.range(each)[1]
              : Arrays.stream(each).sum() / samples;
      expected[e] = one - baseline[e / channels];
    }
    try (Arena arena = session.arena("a")) {
      Tensor out = poisoned(arena, "out", rows, channels);
      session.reduceScores(
          floats(arena, "scores", scores, rows, channels * samples),
          samples,
          aggregate,
          floats(arena, "baseline", baseline, rows),
          out);
      Near.peak("C", download(out), expected, 4);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "1, 2, 1", "3, 10, 2", "2, 512, 30", "3, 17, 200"})
  void softmax(int rows, int channels, float scale) {
    float[] values = Values.mixed(rows, channels);
    double[] expected = new double[values.length];
    for (int e = 0; e < values.length; e++) {
      values[e] *= scale;
    }
    for (int q = 0; q < rows; q++) {
      float[] row = Arrays.copyOfRange(values, q * channels, (q + 1) * channels);
      System.arraycopy(Formulas.softmax(row), 0, expected, q * channels, channels);
    }
    try (Arena arena = session.arena("a")) {
      Tensor out = poisoned(arena, "out", rows, channels);
      session.softmax(floats(arena, "rows", values, rows, channels), out);
      Near.each("softmax", download(out), expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 1",
    "1, 3, 2, 1, 7",
    "3, 64, 33, 7, 7",
    "2, 512, 500, 13, 13",
    "2, 3, 3, 5, 9"
  })
  void weightedSumRelu(int rows, int channels, int live, int h, int w) {
    float[] alpha = Values.mixed(rows, live);
    float[] maps = Values.mixed(channels, h, w);
    int[] subset = new int[live];
    for (int l = 0; l < live; l++) {
      subset[l] = channels - 1 - l; // neither all nor in order
    }
    double[] expected = new double[rows * h * w];
    double terms = 0;
    for (int e = 0; e < expected.length; e++) {
      double sum = 0;
      double size = 0;
      for (int l = 0; l < live; l++) {
        double term =
            (double) alpha[e / (h * w) * live + l] * maps[subset[l] * h * w + e % (h * w)];
        sum += term;
        size += Math.abs(term);
      }
      expected[e] = sum > 0 ? sum : 0;
      terms = Math.max(terms, size);
    }
    try (Arena arena = session.arena("a")) {
      Tensor out = poisoned(arena, "out", rows, h, w);
      session.weightedSumRelu(
          floats(arena, "alpha", alpha, rows, live),
          ints(arena, "channels", subset),
          floats(arena, "maps", maps, channels, h, w),
          out);
      Near.peak("L", download(out), expected, terms);
    }
  }
}
