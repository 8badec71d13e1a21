package io.sscam.kernels.cuda.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.kernels.cuda.driver.Copies;
import io.sscam.kernels.cuda.driver.CudaContext;
import io.sscam.kernels.cuda.driver.CudaLibraries;
import io.sscam.kernels.cuda.driver.CudaStream;
import io.sscam.kernels.cuda.driver.DeviceMemory;
import io.sscam.kernels.cuda.driver.PinnedMemory;
import io.sscam.kernels.software.SoftwareDevice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** A device to try single kernels on, with plain arrays in and out. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OpBench {
  /** What rounding to float16 may cost, relative to the value. */
  static final double HALF_ROUNDING = 0x1p-11;

  private static final double HALF_TINY = 0x1p-25;

  CudaStream stream;
  OpModules modules;
  SplittableRandom random;
  private CudaContext context;
  private final List<DeviceMemory> memory = new ArrayList<>();

  @BeforeAll
  final void open() {
    SoftwareDevice.install();
    CudaLibraries.load();
    context = CudaContext.retain(0);
    stream = CudaStream.create(context);
    modules = new OpModules(context);
    random = new SplittableRandom(2026);
  }

  @AfterEach
  final void free() {
    stream.synchronise();
    memory.forEach(DeviceMemory::close);
    memory.clear();
    if (!SoftwareDevice.realDevice()) {
      assertThat(SoftwareDevice.complaints()).isEmpty();
    }
  }

  @AfterAll
  final void close() {
    modules.close();
    stream.close();
    context.close();
  }

  /** Random values in [−2, 2). */
  final float[] values(int count) {
    float[] values = new float[count];
    for (int e = 0; e < count; e++) {
      values[e] = (float) (random.nextDouble() * 4 - 2);
    }
    return values;
  }

  /** Random float16 in (−4, 4). */
  final short[] halfValues(int count) {
    short[] values = new short[count];
    for (int e = 0; e < count; e++) {
      values[e] = (short) (random.nextInt(0x4400) | (random.nextInt(2) << 15));
    }
    return values;
  }

  final long device(float... values) {
    return upload(4L * values.length, to -> to.asFloatBuffer().put(values));
  }

  final long device(int... values) {
    return upload(4L * values.length, to -> to.asIntBuffer().put(values));
  }

  final long device(short... values) {
    return upload(2L * values.length, to -> to.asShortBuffer().put(values));
  }

  /** Room full of NaN, as float32 and as float16. */
  final long room(long bytes) {
    return upload(
        bytes,
        to -> {
          while (to.hasRemaining()) {
            to.put((byte) -1);
          }
        });
  }

  private long upload(long bytes, Consumer<ByteBuffer> content) {
    DeviceMemory block = DeviceMemory.allocate(context, "test", bytes);
    memory.add(block);
    try (PinnedMemory pinned = PinnedMemory.allocate(context, bytes)) {
      content.accept(pinned.buffer());
      Copies.toDevice(stream, pinned, 0, block.address(), bytes);
      stream.synchronise();
    }
    return block.address();
  }

  final float[] floats(long address, int count) {
    float[] values = new float[count];
    download(address, 4L * count, from -> from.asFloatBuffer().get(values));
    return values;
  }

  final short[] halves(long address, int count) {
    short[] values = new short[count];
    download(address, 2L * count, from -> from.asShortBuffer().get(values));
    return values;
  }

  private void download(long address, long bytes, Consumer<ByteBuffer> content) {
    try (PinnedMemory pinned = PinnedMemory.allocate(context, bytes)) {
      Copies.toHost(stream, address, pinned, 0, bytes);
      stream.synchronise();
      content.accept(pinned.buffer());
    }
  }

  /** The value of a float16. */
  static float toFloat(short half) {
    int exponent = (half >> 10) & 31;
    int mantissa = half & 1023;
    float size;
    if (exponent == 31) {
      size = mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else if (exponent == 0) {
      size = mantissa * 0x1p-24f;
    } else {
      size = Math.scalb(1024 + mantissa, exponent - 25);
    }
    return half < 0 ? -size : size;
  }

  static float[] toFloats(short[] halves) {
    float[] values = new float[halves.length];
    for (int e = 0; e < values.length; e++) {
      values[e] = toFloat(halves[e]);
    }
    return values;
  }

  /** Every element within the tolerance; NaN is near NaN only. */
  static void near(String what, float[] actual, double[] expected, double tolerance) {
    near(what, actual, expected, 0, tolerance);
  }

  /** Every element within what float16 rounds off, and a tolerance from before that. */
  static void nearHalf(String what, short[] actual, double[] expected, double tolerance) {
    near(what, toFloats(actual), expected, HALF_ROUNDING, tolerance + HALF_TINY);
  }

  private static void near(
      String what, float[] actual, double[] expected, double relative, double absolute) {
    assertThat(actual.length).as(what).isEqualTo(expected.length);
    for (int e = 0; e < actual.length; e++) {
      double tolerance = absolute + relative * Math.abs(expected[e]);
      boolean same = Double.isNaN(expected[e]) && Float.isNaN(actual[e]);
      if (!same && !(Math.abs(actual[e] - expected[e]) <= tolerance)) {
        throw new AssertionError(
            what + " element " + e + ": " + actual[e] + " is not " + expected[e]);
      }
    }
  }

  /** U of map k by the formula, in double. */
  static double[] upsample(float[] maps, int k, int h, int w, int height, int width) {
    double[] out = new double[height * width];
    for (int oy = 0; oy < height; oy++) {
      double y = Math.max(0, (oy + 0.5) * h / height - 0.5);
      int y0 = Math.min((int) y, h - 1);
      int y1 = Math.min(y0 + 1, h - 1);
      for (int ox = 0; ox < width; ox++) {
        double x = Math.max(0, (ox + 0.5) * w / width - 0.5);
        int x0 = Math.min((int) x, w - 1);
        int x1 = Math.min(x0 + 1, w - 1);
        int at = k * h * w;
        double top = maps[at + y0 * w + x0] * (1 - x + x0) + maps[at + y0 * w + x1] * (x - x0);
        double bottom = maps[at + y1 * w + x0] * (1 - x + x0) + maps[at + y1 * w + x1] * (x - x0);
        out[oy * width + ox] = top * (1 - y + y0) + bottom * (y - y0);
      }
    }
    return out;
  }
}
