package io.sscam.kernels.cuda;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.CamOperations;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Tensor;
import io.sscam.kernels.cuda.driver.CudaContext;
import io.sscam.kernels.cuda.driver.CudaStream;
import io.sscam.kernels.cuda.op.GatherScore;
import io.sscam.kernels.cuda.op.GaussianNoise;
import io.sscam.kernels.cuda.op.MaskMultiply;
import io.sscam.kernels.cuda.op.MinMax;
import io.sscam.kernels.cuda.op.Normalize;
import io.sscam.kernels.cuda.op.OpModules;
import io.sscam.kernels.cuda.op.PerturbAndMask;
import io.sscam.kernels.cuda.op.ReduceScores;
import io.sscam.kernels.cuda.op.Softmax;
import io.sscam.kernels.cuda.op.UpsampleBilinear;
import io.sscam.kernels.cuda.op.WeightedSumRelu;

/**
 * The contract's arithmetic: checks of shapes, since a kernel would write beyond a tensor without a
 * word, and one launch each.
 */
abstract class CudaCam implements CamOperations {
  final CudaContext context;
  final CudaStream stream;

  private final UpsampleBilinear upsample;
  private final MinMax minMax;
  private final Normalize normalize;
  private final GaussianNoise noise;
  private final MaskMultiply multiply;
  private final PerturbAndMask perturb;
  private final GatherScore gather;
  private final ReduceScores reduce;
  private final Softmax softmax;
  private final WeightedSumRelu weightedSum;

  CudaCam(CudaContext context, CudaStream stream, OpModules modules) {
    this.context = context;
    this.stream = stream;
    upsample = new UpsampleBilinear(modules);
    minMax = new MinMax(modules);
    normalize = new Normalize(modules);
    noise = new GaussianNoise(modules);
    multiply = new MaskMultiply(modules);
    perturb = new PerturbAndMask(modules);
    gather = new GatherScore(modules);
    reduce = new ReduceScores(modules);
    softmax = new Softmax(modules);
    weightedSum = new WeightedSumRelu(modules);
  }

  @Override
  public void upsampleBilinear(Tensor maps, Tensor out) {
    CudaTensor a = CudaTensor.floats(maps, 3);
    CudaTensor u = CudaTensor.floats(out, 3);
    require(u, u.dim(0) == a.dim(0), "as many maps as " + a);
    context.makeCurrent();
    upsample.run(stream, a.start(), a.dim(0), a.dim(1), a.dim(2), u.start(), u.dim(1), u.dim(2));
  }

  @Override
  public void minMax(Tensor maps, Tensor range) {
    CudaTensor a = CudaTensor.of(maps, DataType.F32);
    CudaTensor r = table(range, a.dim(0), 2);
    context.makeCurrent();
    minMax.run(stream, a.start(), a.dim(0), a.elements() / a.dim(0), r.start());
  }

  @Override
  public void upsampledMinMax(Tensor maps, int height, int width, Tensor range) {
    CudaTensor a = CudaTensor.floats(maps, 3);
    CudaTensor r = table(range, a.dim(0), 2);
    context.makeCurrent();
    minMax.upsampled(stream, a.start(), a.dim(0), a.dim(1), a.dim(2), height, width, r.start());
  }

  @Override
  public void maskedMinMax(Tensor maps, Tensor affine, Tensor image, Tensor range) {
    CudaTensor a = CudaTensor.floats(maps, 3);
    CudaTensor t = table(affine, a.dim(0), 3);
    CudaTensor x = CudaTensor.floats(image, 3);
    CudaTensor r = table(range, a.dim(0), 2);
    context.makeCurrent();
    minMax.masked(
        stream, a.start(), t.start(), x.start(), a.dim(0), a.dim(1), a.dim(2), x.dim(0), x.dim(1),
        x.dim(2), r.start());
  }

  @Override
  public void normalise(Tensor maps, Tensor range, Tensor out) {
    CudaTensor a = CudaTensor.of(maps, DataType.F32);
    CudaTensor r = table(range, a.dim(0), 2);
    CudaTensor s = CudaTensor.of(out, DataType.F32);
    require(s, s.elements() == a.elements(), "as many elements as " + a);
    context.makeCurrent();
    normalize.run(stream, a.start(), r.start(), a.dim(0), a.elements() / a.dim(0), s.start());
  }

  @Override
  public void gaussianNoise(long seed, int channel, int sample, Tensor out) {
    CudaTensor z = CudaTensor.of(out, DataType.F32);
    context.makeCurrent();
    noise.run(stream, seed, channel, sample, z.start(), z.elements());
  }

  @Override
  public void maskMultiply(Tensor mask, Tensor image, Tensor out) {
    CudaTensor m = CudaTensor.floats(mask, 2);
    CudaTensor x = CudaTensor.floats(image, 3);
    CudaTensor y = CudaTensor.floats(out, 3);
    require(y, y.shape().equals(x.shape()), "the shape of " + x);
    require(m, m.dim(0) == x.dim(1) && m.dim(1) == x.dim(2), "the size of " + x);
    context.makeCurrent();
    multiply.run(stream, m.start(), x.start(), x.dim(0), m.elements(), y.start());
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
    CudaTensor l = CudaTensor.of(channels, DataType.I32);
    CudaTensor a = CudaTensor.floats(maps, 3);
    CudaTensor t = table(affine, a.dim(0), 3);
    CudaTensor x = CudaTensor.floats(image, 3);
    CudaTensor y = CudaTensor.of(out);
    require(y, y.shape().equals(x.shape().withBatch(y.dim(0))), "pictures like " + x);
    require(y, chunk.count() <= y.dim(0), "room for " + chunk.count() + " pictures");
    long last = (chunk.first() + chunk.count() - 1) / chunk.samples();
    require(l, chunk.first() >= 0 && last < l.elements(), "the channels of pairs " + chunk);
    context.makeCurrent();
    perturb.run(
        stream,
        noise,
        y.layout(),
        l.start(),
        a.start(),
        t.start(),
        x.start(),
        a.dim(1),
        a.dim(2),
        x.dim(0),
        x.dim(1),
        x.dim(2),
        seed,
        chunk,
        y.start());
  }

  @Override
  public void gatherScore(
      Tensor logits, int count, Tensor classes, Score score, long first, Tensor scores) {
    CudaTensor f = CudaTensor.floats(logits, 2);
    CudaTensor q = CudaTensor.of(classes, DataType.I32);
    CudaTensor s = CudaTensor.floats(scores, 2);
    require(f, count >= 1 && count <= f.dim(0), count + " rows");
    require(s, s.dim(0) == q.elements(), "a row for each class of " + q);
    require(s, first >= 0 && first + count <= s.dim(1), "columns " + first + " and on");
    context.makeCurrent();
    gather.run(
        stream,
        f.start(),
        count,
        f.dim(1),
        q.start(),
        s.dim(0),
        score == Score.PROBABILITY,
        first,
        s.dim(1),
        s.start());
  }

  @Override
  public void reduceScores(
      Tensor scores, int samples, Aggregate aggregate, Tensor baseline, Tensor out) {
    CudaTensor s = CudaTensor.floats(scores, 2);
    CudaTensor r = CudaTensor.floats(out, 2);
    CudaTensor b = CudaTensor.floats(baseline, 1);
    require(s, s.dim(0) == r.dim(0) && s.dim(1) == (long) r.dim(1) * samples, "samples of " + r);
    require(b, b.dim(0) == r.dim(0), "a baseline for each class of " + r);
    context.makeCurrent();
    reduce.run(
        stream,
        s.start(),
        r.dim(0),
        r.dim(1),
        samples,
        aggregate == Aggregate.MEAN,
        b.start(),
        r.start());
  }

  @Override
  public void softmax(Tensor rows, Tensor out) {
    CudaTensor r = CudaTensor.floats(rows, 2);
    CudaTensor p = CudaTensor.floats(out, 2);
    require(p, p.shape().equals(r.shape()), "the shape of " + r);
    context.makeCurrent();
    softmax.run(stream, r.start(), r.dim(0), r.dim(1), p.start());
  }

  @Override
  public void weightedSumRelu(Tensor alpha, Tensor channels, Tensor maps, Tensor out) {
    CudaTensor w = CudaTensor.floats(alpha, 2);
    CudaTensor l = CudaTensor.of(channels, DataType.I32);
    CudaTensor a = CudaTensor.floats(maps, 3);
    CudaTensor y = CudaTensor.floats(out, 3);
    require(w, w.dim(1) == l.elements(), "a weight for each channel of " + l);
    require(y, y.shape().equals(Shape.of(w.dim(0), a.dim(1), a.dim(2))), "maps like " + a);
    context.makeCurrent();
    weightedSum.run(
        stream, w.start(), l.start(), a.start(), w.dim(0), w.dim(1), a.dim(1), a.dim(2), y.start());
  }

  /** A float32 tensor (rows, columns). */
  private static CudaTensor table(Tensor tensor, int rows, int columns) {
    CudaTensor table = CudaTensor.floats(tensor, 2);
    require(table, table.dim(0) == rows && table.dim(1) == columns, rows + "×" + columns);
    return table;
  }

  private static void require(CudaTensor tensor, boolean holds, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(tensor + " does not hold " + expected);
    }
  }
}
