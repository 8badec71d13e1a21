package io.sscam.engine.reference;

import static io.sscam.engine.reference.ReferenceTensor.floats;
import static io.sscam.engine.reference.ReferenceTensor.ints;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.CamOperations;
import io.sscam.engine.backend.Tensor;

/** The CAM operations, one formula each, in double until the result is stored. */
class ReferenceCam implements CamOperations {

  @Override
  public void upsampleBilinear(Tensor maps, Tensor out) {
    int height = out.shape().dim(1);
    int width = out.shape().dim(2);
    expect(out, maps.shape().dim(0), height, width);
    float[] to = floats(out);
    for (int k = 0, e = 0; k < maps.shape().dim(0); k++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          to[e++] = (float) upsampled(maps, k, y, height, x, width);
        }
      }
    }
  }

  /** U(A_k) at (y, x): bilinear between the four nearest centres, the outermost ones continued. */
  static double upsampled(Tensor maps, int k, int y, int height, int x, int width) {
    expectRank(maps, 3);
    int h = maps.shape().dim(1);
    int w = maps.shape().dim(2);
    double row = clamp((y + 0.5) * h / height - 0.5, h - 1);
    double column = clamp((x + 0.5) * w / width - 0.5, w - 1);
    int top = (int) row;
    int left = (int) column;
    int bottom = Math.min(top + 1, h - 1);
    int right = Math.min(left + 1, w - 1);
    float[] a = floats(maps);
    int base = k * h * w;
    double upper = mix(a[base + top * w + left], a[base + top * w + right], column - left);
    double lower = mix(a[base + bottom * w + left], a[base + bottom * w + right], column - left);
    return mix(upper, lower, row - top);
  }

  private static double clamp(double value, double most) {
    return Math.min(Math.max(value, 0), most);
  }

  private static double mix(double a, double b, double share) {
    return a * (1 - share) + b * share;
  }

  @Override
  public void minMax(Tensor maps, Tensor range) {
    float[] from = floats(maps);
    int channels = maps.shape().dim(0);
    int each = from.length / channels;
    for (int k = 0; k < channels; k++) {
      Range found = new Range();
      for (int e = k * each; e < (k + 1) * each; e++) {
        found.add(from[e]);
      }
      found.store(range, k);
    }
  }

  @Override
  public void upsampledMinMax(Tensor maps, int height, int width, Tensor range) {
    for (int k = 0; k < maps.shape().dim(0); k++) {
      Range found = new Range();
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          found.add(upsampled(maps, k, y, height, x, width));
        }
      }
      found.store(range, k);
    }
  }

  @Override
  public void maskedMinMax(Tensor maps, Tensor affine, Tensor image, Tensor range) {
    expectRank(image, 3);
    float[] picture = floats(image);
    int height = image.shape().dim(1);
    int width = image.shape().dim(2);
    for (int k = 0; k < maps.shape().dim(0); k++) {
      Range found = new Range();
      for (int c = 0, e = 0; c < image.shape().dim(0); c++) {
        for (int y = 0; y < height; y++) {
          for (int x = 0; x < width; x++, e++) {
            found.add(mask(maps, affine, k, y, height, x, width) * picture[e]);
          }
        }
      }
      found.store(range, k);
    }
  }

  /** M_k at (y, x). */
  private static double mask(
      Tensor maps, Tensor affine, int k, int y, int height, int x, int width) {
    expect(affine, maps.shape().dim(0), 3);
    float[] terms = floats(affine);
    return (upsampled(maps, k, y, height, x, width) - terms[3 * k]) * terms[3 * k + 1];
  }

  @Override
  public void normalise(Tensor maps, Tensor range, Tensor out) {
    expect(range, maps.shape().dim(0), 2);
    expect(out, maps.shape().toArray());
    float[] from = floats(maps);
    float[] limits = floats(range);
    float[] to = floats(out);
    int each = from.length / maps.shape().dim(0);
    for (int e = 0; e < from.length; e++) {
      double min = limits[2 * (e / each)];
      double max = limits[2 * (e / each) + 1];
      to[e] = max == min ? 0 : (float) ((from[e] - min) / (max - min));
    }
  }

  @Override
  public void gaussianNoise(long seed, int channel, int sample, Tensor out) {
    float[] to = floats(out);
    for (int e = 0; e < to.length; e++) {
      to[e] = (float) ReferenceNoise.normal(seed, channel, sample, e);
    }
  }

  @Override
  public void maskMultiply(Tensor mask, Tensor image, Tensor out) {
    expectRank(image, 3);
    expect(mask, image.shape().dim(1), image.shape().dim(2));
    expect(out, image.shape().toArray());
    float[] factor = floats(mask);
    float[] picture = floats(image);
    float[] to = floats(out);
    for (int e = 0; e < to.length; e++) {
      to[e] = (float) ((double) factor[e % factor.length] * picture[e]);
    }
  }

  @Override
  public void perturbAndMask(
      Noise noise,
      long seed,
      Chunk chunk,
      Tensor channels,
      Tensor maps,
      Tensor affine,
      Tensor image,
      Tensor out) {
    expectRank(out, 4);
    expectRank(image, 3);
    expect(out, image.shape().withBatch(out.shape().dim(0)).toArray());
    if (chunk.count() > out.shape().dim(0)) {
      throw new IllegalArgumentException(out.name() + " has no room for " + chunk);
    }
    int each = image.shape().elementsAsInt();
    int[] live = ints(channels);
    for (int row = 0; row < chunk.count(); row++) {
      long pair = chunk.first() + row;
      int k = live[(int) (pair / chunk.samples())];
      int sample = (int) (pair % chunk.samples());
      Perturbed picture = new Perturbed(noise, seed, k, sample, maps, affine, image);
      for (int e = 0; e < each; e++) {
        floats(out)[row * each + e] = (float) picture.element(e);
      }
    }
  }

  /** One x_ki. */
  private record Perturbed(
      Noise noise, long seed, int k, int sample, Tensor maps, Tensor affine, Tensor image) {

    double element(int e) {
      int height = image.shape().dim(1);
      int width = image.shape().dim(2);
      int pixel = e % (height * width);
      double m = mask(maps, affine, k, pixel / width, height, pixel % width, width);
      double tau = floats(affine)[3 * k + 2];
      double x = floats(image)[e];
      return switch (noise) {
        case NONE -> m * x;
        case MASKED_INPUT -> m * x + tau * ReferenceNoise.normal(seed, k, sample, e);
        case MASK -> (m + tau * ReferenceNoise.normal(seed, k, sample, pixel)) * x;
      };
    }
  }

  @Override
  public void gatherScore(
      Tensor logits, int count, Tensor classes, Score score, long first, Tensor scores) {
    int each = logits.shape().dim(1);
    int[] wanted = ints(classes);
    expectRank(scores, 2);
    int columns = scores.shape().dim(1);
    if (count > logits.shape().dim(0) || first + count > columns) {
      throw new IllegalArgumentException(scores.name() + " has no room for " + count + " scores");
    }
    for (int b = 0; b < count; b++) {
      double[] row = new double[each];
      for (int c = 0; c < each; c++) {
        row[c] = floats(logits)[b * each + c];
      }
      double[] read = score == Score.LOGIT ? row : softmax(row);
      for (int q = 0; q < wanted.length; q++) {
        floats(scores)[(int) (q * (long) columns + first + b)] = (float) read[wanted[q]];
      }
    }
  }

  @Override
  public void reduceScores(
      Tensor scores, int samples, Aggregate aggregate, Tensor baseline, Tensor out) {
    expectRank(out, 2);
    int rows = out.shape().dim(0);
    int channels = out.shape().dim(1);
    expect(scores, rows, channels * samples);
    float[] from = floats(scores);
    for (int e = 0; e < rows * channels; e++) {
      double max = Double.NEGATIVE_INFINITY;
      double sum = 0;
      for (int i = 0; i < samples; i++) {
        max = Math.max(max, from[e * samples + i]);
        sum += from[e * samples + i];
      }
      double one = aggregate == Aggregate.MAX ? max : sum / samples;
      floats(out)[e] = (float) (one - floats(baseline)[e / channels]);
    }
  }

  @Override
  public void softmax(Tensor rows, Tensor out) {
    expect(out, rows.shape().toArray());
    int each = rows.shape().dim(1);
    for (int q = 0; q < rows.shape().dim(0); q++) {
      double[] row = new double[each];
      for (int l = 0; l < each; l++) {
        row[l] = floats(rows)[q * each + l];
      }
      double[] result = softmax(row);
      for (int l = 0; l < each; l++) {
        floats(out)[q * each + l] = (float) result[l];
      }
    }
  }

  /** exp(v − max) over its sum. */
  private static double[] softmax(double[] row) {
    double max = Double.NEGATIVE_INFINITY;
    for (double v : row) {
      max = Math.max(max, v);
    }
    double sum = 0;
    double[] result = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      result[i] = StrictMath.exp(row[i] - max);
      sum += result[i];
    }
    for (int i = 0; i < row.length; i++) {
      result[i] /= sum;
    }
    return result;
  }

  @Override
  public void weightedSumRelu(Tensor alpha, Tensor channels, Tensor maps, Tensor out) {
    expectRank(maps, 3);
    int[] live = ints(channels);
    int each = maps.shape().dim(1) * maps.shape().dim(2);
    expect(alpha, out.shape().dim(0), live.length);
    expect(out, out.shape().dim(0), maps.shape().dim(1), maps.shape().dim(2));
    for (int e = 0; e < floats(out).length; e++) {
      int q = e / each;
      double sum = 0;
      for (int l = 0; l < live.length; l++) {
        double weight = floats(alpha)[q * live.length + l];
        sum += weight * floats(maps)[live[l] * each + e % each];
      }
      floats(out)[e] = (float) Math.max(sum, 0); // Math.max: a NaN stays one
    }
  }

  private static void expectRank(Tensor tensor, int rank) {
    if (tensor.shape().rank() != rank) {
      throw new IllegalArgumentException(
          tensor.name() + " " + tensor.shape() + ": rank is not " + rank);
    }
  }

  private static void expect(Tensor tensor, int... dims) {
    if (!tensor.shape().equals(Shape.of(dims))) {
      throw new IllegalArgumentException(
          tensor.name() + " is " + tensor.shape() + ", expected " + Shape.of(dims));
    }
  }

  /** A minimum and maximum; a NaN stays one. */
  private static final class Range {
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    void add(double value) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }

    void store(Tensor range, int k) {
      floats(range)[2 * k] = (float) min;
      floats(range)[2 * k + 1] = (float) max;
    }
  }
}
