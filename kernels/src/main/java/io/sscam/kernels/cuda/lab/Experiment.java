package io.sscam.kernels.cuda.lab;

import io.sscam.engine.backend.CamOperations.Chunk;
import io.sscam.engine.backend.CamOperations.Noise;
import io.sscam.kernels.cuda.driver.Copies;
import io.sscam.kernels.cuda.driver.CudaContext;
import io.sscam.kernels.cuda.driver.CudaStream;
import io.sscam.kernels.cuda.driver.DeviceMemory;
import io.sscam.kernels.cuda.driver.PinnedMemory;
import io.sscam.kernels.cuda.op.Layout;
import io.sscam.kernels.cuda.op.MaskMultiply;
import io.sscam.kernels.cuda.op.MinMax;
import io.sscam.kernels.cuda.op.OpModules;
import io.sscam.kernels.cuda.op.PerturbAndMask;
import io.sscam.kernels.cuda.op.UpsampleBilinear;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One call with its operands on the device. The output lies between two zones of sentinels and
 * holds sentinels itself, so that a store beyond it and an element left out show.
 */
final class Experiment implements AutoCloseable {
  /** A NaN that no arithmetic makes. */
  static final int SENTINEL = 0x7fbadbad;

  /** Words before and behind the output; a multiple of 4, by which addresses stay aligned. */
  static final int ZONE = 1024;

  private final CudaContext context;
  private final CudaStream stream;
  private final Operation operation;
  private final Size size;
  private final List<DeviceMemory> memory = new ArrayList<>();
  private final long channels;
  private final long maps;
  private final long affine;
  private final long image;
  private final long mask;
  private final long zones;

  Experiment(CudaContext context, CudaStream stream, Operation operation, Size size, Operands in) {
    this.context = context;
    this.stream = stream;
    this.operation = operation;
    this.size = size;
    try {
      channels = place(in.channels().length, to -> to.asIntBuffer().put(in.channels()));
      maps = place(in.maps());
      affine = place(in.affine());
      image = place(in.image());
      mask = place(in.mask());
      zones = reserve(words());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private long words() {
    return operation.results(size) + 2L * ZONE;
  }

  private long place(float[] values) {
    return place(values.length, to -> to.asFloatBuffer().put(values));
  }

  /** The address of a copy; 0 if there is nothing to copy. */
  private long place(int words, Consumer<ByteBuffer> content) {
    if (words == 0) {
      return 0;
    }
    long address = reserve(words);
    long bytes = (long) words * Float.BYTES;
    try (PinnedMemory pinned = PinnedMemory.allocate(context, bytes)) {
      content.accept(pinned.buffer());
      Copies.toDevice(stream, pinned, 0, address, bytes);
      stream.synchronise();
    }
    return address;
  }

  private long reserve(long words) {
    DeviceMemory block = DeviceMemory.allocate(context, operation.id(), words * Float.BYTES);
    memory.add(block);
    return block.address();
  }

  /** Makes the output and its zones all sentinels. */
  void clear() {
    Copies.fill32(stream, zones, SENTINEL, words());
  }

  /** Queues the operation's kernel of these modules, with the project's own launcher. */
  void launch(OpModules modules) {
    long out = zones + (long) ZONE * Float.BYTES;
    Size s = size;
    switch (operation) {
      case PERTURB_AND_MASK ->
          new PerturbAndMask(modules)
              .run(
                  stream,
                  Noise.MASKED_INPUT,
                  Layout.NCHW_F32,
                  channels,
                  maps,
                  affine,
                  image,
                  s.h(),
                  s.w(),
                  s.c(),
                  s.height(),
                  s.width(),
                  Operands.SEED,
                  new Chunk(s.first(), s.count(), s.samples()),
                  out);
      case MASK_MULTIPLY ->
          new MaskMultiply(modules).run(stream, mask, image, s.c(), s.pixels(), out);
      case UPSAMPLE_BILINEAR ->
          new UpsampleBilinear(modules)
              .run(stream, maps, s.k(), s.h(), s.w(), out, s.height(), s.width());
      case MINMAX -> new MinMax(modules).run(stream, maps, s.k(), s.cells(), out);
    }
  }

  /** Waits and reads the output with its zones, as bits. */
  int[] read() {
    int[] words = new int[Math.toIntExact(words())];
    long bytes = words() * Float.BYTES;
    try (PinnedMemory pinned = PinnedMemory.allocate(context, bytes)) {
      Copies.toHost(stream, zones, pinned, 0, bytes);
      stream.synchronise();
      pinned.buffer().asIntBuffer().get(words);
    }
    return words;
  }

  /** The output of what was read, without its zones. */
  static float[] output(int[] words) {
    float[] values = new float[words.length - 2 * ZONE];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(words[ZONE + i]);
    }
    return values;
  }

  @Override
  public void close() {
    memory.forEach(DeviceMemory::close);
    memory.clear();
  }
}
