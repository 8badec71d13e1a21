package io.sscam.engine.cpu;

import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Gradient;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.onednn.PackedWeights;
import java.nio.FloatBuffer;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/** The CPU's queue: work is done when a call returns. */
final class CpuSession implements Session {
  private final WorkerPool pool;
  private final AtomicLong liveBytes;
  private final MapLoops maps;
  private final PerturbLoop perturb;

  CpuSession(WorkerPool pool, AtomicLong liveBytes) {
    this.pool = pool;
    this.liveBytes = liveBytes;
    this.maps = new MapLoops(pool);
    this.perturb = new PerturbLoop(pool);
  }

  @Override
  public Arena arena(String name) {
    return new CpuArena(name, liveBytes);
  }

  @Override
  public Executable compile(Backend.Model model, int batch, Set<String> keep) {
    PackedWeights weights = own(model);
    if (batch < 1) {
      throw new IllegalArgumentException("batch must be at least 1, not " + batch);
    }
    return new CpuExecutable(pool, weights, batch, Set.copyOf(keep), liveBytes);
  }

  @Override
  public Gradient differentiate(Backend.Model model, String layer) {
    return new CpuGradient(pool, own(model), layer, liveBytes);
  }

  private static PackedWeights own(Backend.Model model) {
    if (!(model instanceof PackedWeights weights)) {
      throw new IllegalArgumentException("the model was loaded on another device");
    }
    weights.check();
    return weights;
  }

  @Override
  public void upload(float[] source, Tensor target) {
    CpuTensor tensor = sized(target, DataType.F32, source.length);
    tensor.write(0, source, source.length);
  }

  @Override
  public void upload(int[] source, Tensor target) {
    sized(target, DataType.I32, source.length).buffer().ints().put(source);
  }

  @Override
  public void download(Tensor source, float[] target) {
    sized(source, DataType.F32, target.length).read(0, target, target.length);
  }

  @Override
  public void copy(Tensor source, Tensor target, int elements) {
    FloatBuffer from = sized(source, DataType.F32, elements).buffer().floats();
    FloatBuffer to = sized(target, DataType.F32, elements).buffer().floats();
    to.put(from.limit(elements));
  }

  @Override
  public void fill(Tensor target, float value) {
    int elements = target.shape().elementsAsInt();
    FloatBuffer floats = sized(target, DataType.F32, elements).buffer().floats();
    for (int i = 0; i < elements; i++) {
      floats.put(i, value);
    }
  }

  private static CpuTensor sized(Tensor tensor, DataType type, int elements) {
    CpuTensor cpu = CpuTensor.of(tensor);
    if (cpu.type() != type || cpu.shape().elements() < elements) {
      throw new IllegalArgumentException(
          "tensor \""
              + cpu.name()
              + "\" is "
              + cpu.type()
              + " "
              + cpu.shape()
              + ", too small or of another type for "
              + elements
              + " elements of "
              + type);
    }
    return cpu;
  }

  @Override
  public void synchronise() {
    // every call has done its work when it returns
  }

  @Override
  public void upsampleBilinear(Tensor source, Tensor out) {
    maps.upsample(CpuTensor.floats(source, 3), CpuTensor.floats(out, 3));
  }

  @Override
  public void minMax(Tensor source, Tensor range) {
    maps.minMax(CpuTensor.of(source), CpuTensor.floats(range, 2));
  }

  @Override
  public void upsampledMinMax(Tensor source, int height, int width, Tensor range) {
    maps.upsampledMinMax(CpuTensor.floats(source, 3), height, width, CpuTensor.floats(range, 2));
  }

  @Override
  public void maskedMinMax(Tensor source, Tensor affine, Tensor image, Tensor range) {
    maps.maskedMinMax(
        CpuTensor.floats(source, 3),
        CpuTensor.floats(affine, 2),
        CpuTensor.floats(image, 3),
        CpuTensor.floats(range, 2));
  }

  @Override
  public void normalise(Tensor source, Tensor range, Tensor out) {
    maps.normalise(CpuTensor.of(source), CpuTensor.floats(range, 2), CpuTensor.of(out));
  }

  @Override
  public void gaussianNoise(long seed, int channel, int sample, Tensor out) {
    perturb.gaussianNoise(seed, channel, sample, CpuTensor.of(out));
  }

  @Override
  public void maskMultiply(Tensor mask, Tensor image, Tensor out) {
    maps.maskMultiply(
        CpuTensor.floats(mask, 2), CpuTensor.floats(image, 3), CpuTensor.floats(out, 3));
  }

  @Override
  public void perturbAndMask(
      Noise noise,
      long seed,
      Chunk chunk,
      Tensor channels,
      Tensor source,
      Tensor affine,
      Tensor image,
      Tensor out) {
    PerturbLoop.Job job =
        job(
            noise,
            seed,
            chunk.samples(),
            channels,
            source,
            affine,
            image,
            CpuTensor.floats(out, 4));
    perturb.run(job, chunk.first(), chunk.count());
  }

  @Override
  public void scorePairs(Executable net, Pairs pairs, Tensor scores, IntConsumer done) {
    if (!(net instanceof CpuExecutable executable)) {
      throw new IllegalArgumentException("the net was compiled on another device");
    }
    CpuTensor columns = CpuTensor.floats(scores, 2);
    PerturbLoop.Job job =
        job(
            pairs.noise(),
            pairs.seed(),
            pairs.samples(),
            pairs.channels(),
            pairs.maps(),
            pairs.affine(),
            pairs.image(),
            executable.input());
    ScoreLoops.Gather gather =
        new ScoreLoops.Gather(
            executable.logits(),
            CpuTensor.of(pairs.classes()).toIntArray(),
            pairs.score(),
            columns);
    int[] sum = new int[1];
    done.accept(0);
    executable.stream(
        columns.dim(1),
        new NetRunner.Feed() {
          @Override
          public void write(int worker, int first, int count, int place) {
            perturb.rows(job, worker, first, count, place);
          }

          @Override
          public void read(int first, int count, int place) {
            gather.run(place, count, first);
          }
        },
        more -> {
          sum[0] += more;
          done.accept(sum[0]);
        });
  }

  private PerturbLoop.Job job(
      Noise noise,
      long seed,
      int samples,
      Tensor channels,
      Tensor source,
      Tensor affine,
      Tensor image,
      CpuTensor out) {
    return perturb.prepare(
        noise,
        seed,
        samples,
        CpuTensor.of(channels).toIntArray(),
        CpuTensor.floats(source, 3),
        CpuTensor.floats(affine, 2),
        CpuTensor.floats(image, 3),
        out);
  }

  @Override
  public void gatherScore(
      Tensor logits, int count, Tensor classes, Score score, long first, Tensor scores) {
    new ScoreLoops.Gather(
            CpuTensor.floats(logits, 2),
            CpuTensor.of(classes).toIntArray(),
            score,
            CpuTensor.floats(scores, 2))
        .run(0, count, first);
  }

  @Override
  public void reduceScores(
      Tensor scores, int samples, Aggregate aggregate, Tensor baseline, Tensor out) {
    ScoreLoops.reduce(
        CpuTensor.floats(scores, 2),
        samples,
        aggregate,
        CpuTensor.floats(baseline, 1),
        CpuTensor.floats(out, 2));
  }

  @Override
  public void softmax(Tensor rows, Tensor out) {
    ScoreLoops.softmax(CpuTensor.floats(rows, 2), CpuTensor.floats(out, 2));
  }

  @Override
  public void weightedSumRelu(Tensor alpha, Tensor channels, Tensor source, Tensor out) {
    ScoreLoops.weightedSumRelu(
        CpuTensor.floats(alpha, 2),
        CpuTensor.of(channels).toIntArray(),
        CpuTensor.floats(source, 3),
        CpuTensor.floats(out, 3));
  }

  @Override
  public void close() {
    // owns nothing: arenas and executables end by themselves
  }
}
