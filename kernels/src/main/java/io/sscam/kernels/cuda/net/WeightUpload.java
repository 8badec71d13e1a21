package io.sscam.kernels.cuda.net;

import io.sscam.engine.HostTensor;
import io.sscam.engine.backend.Closing;
import io.sscam.engine.graph.LayerParameters;
import io.sscam.kernels.cuda.driver.Copies;
import io.sscam.kernels.cuda.driver.CudaContext;
import io.sscam.kernels.cuda.driver.CudaStream;
import io.sscam.kernels.cuda.driver.DeviceMemory;
import io.sscam.kernels.cuda.driver.PinnedMemory;
import io.sscam.kernels.cuda.op.OpModules;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Brings parameters to the device by way of pinned memory, some rows (output features) at a time;
 * for float16 nets they are converted there.
 */
final class WeightUpload implements AutoCloseable {
  private static final int STAGING = 16 << 20;

  private final CudaContext context;
  private final boolean half;
  private final CudaStream stream;
  private final NetKernels kernels;
  private final DeviceBlocks scratch;
  private @Nullable PinnedMemory staging;
  private @Nullable DeviceMemory floats;

  WeightUpload(CudaContext context, OpModules modules, boolean half) {
    this.context = context;
    this.half = half;
    this.stream = CudaStream.create(context);
    this.kernels = new NetKernels(modules, stream);
    this.scratch = new DeviceBlocks(context, new AtomicLong()); // gone before anybody counts
  }

  /**
   * Uploads one layer.
   *
   * @param channels of the filters in memory; what the weight lacks is zero
   */
  void layer(LayerParameters parameters, int channels, DeviceWeights.LayerWeights at) {
    HostTensor weight = parameters.weight();
    int rows = weight.shape().dim(0);
    int row = weight.data().length / rows;
    int step = Math.max(1, STAGING / Float.BYTES / row);
    for (int first = 0; first < rows; first += step) {
      int count = Math.min(step, rows - first);
      long target = half ? 0 : at.weight() + (long) first * row * Float.BYTES;
      long source = stage(weight.data(), first * row, count * row, target);
      if (half) {
        filters(weight, count, channels, source, at.weight(), first);
      }
      stream.synchronise(); // the staging is filled again
    }
    float[] bias = parameters.bias().data();
    long biases = stage(bias, 0, bias.length, at.bias());
    if (half) {
      kernels.toHalf(biases, bias.length, at.halfBias());
    }
    stream.synchronise();
  }

  /** Copies elements to the device: to {@code target}, or to scratch if it is 0. */
  private long stage(float[] values, int from, int count, long target) {
    long bytes = (long) count * Float.BYTES;
    PinnedMemory pinned = staging(bytes);
    pinned.buffer().asFloatBuffer().put(0, values, from, count);
    long to = target == 0 ? floats(bytes) : target;
    Copies.toDevice(stream, pinned, 0, to, bytes);
    return to;
  }

  /** Converts some rows of a weight that lie in scratch. */
  private void filters(
      HostTensor weight, int count, int channels, long source, long target, int first) {
    if (weight.shape().rank() == 2) {
      long width = weight.shape().dim(1);
      kernels.toHalf(source, count * width, target + first * width * 2);
      return;
    }
    long taps = (long) weight.shape().dim(2) * weight.shape().dim(3);
    long rowBytes = channels * taps * 2;
    int inputs = weight.shape().dim(1);
    kernels.toChannelsLast(source, count, inputs, taps, channels, target + first * rowBytes);
  }

  private PinnedMemory staging(long bytes) {
    PinnedMemory present = staging;
    if (present == null || present.buffer().capacity() < bytes) {
      staging = null;
      if (present != null) {
        present.close();
      }
      present = PinnedMemory.allocate(context, Math.max(bytes, STAGING));
      staging = present;
    }
    return present;
  }

  private long floats(long bytes) {
    DeviceMemory present = floats;
    if (present == null || present.bytes() < bytes) {
      scratch.close();
      present = scratch.allocate("float32 weights on their way", Math.max(bytes, STAGING));
      floats = present;
    }
    return present.address();
  }

  @Override
  public void close() {
    List<Runnable> closes = new ArrayList<>();
    closes.add(stream::synchronise);
    closes.add(scratch::close);
    PinnedMemory pinned = staging;
    if (pinned != null) {
      closes.add(pinned::close);
    }
    closes.add(stream::close);
    Closing.all(closes);
  }
}
