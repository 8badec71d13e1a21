package io.sscam.kernels.cuda.op;

import io.sscam.engine.backend.CamOperations;
import io.sscam.kernels.cuda.driver.CudaStream;
import java.util.Locale;

/** Launches {@code perturb_and_mask.cu}. */
public final class PerturbAndMask {
  private final OpModules modules;

  /** The kernels come from {@code modules}. */
  public PerturbAndMask(OpModules modules) {
    this.modules = modules;
  }

  /**
   * Writes the pictures of a chunk of pairs into a net's input.
   *
   * @param channels (live), the channels in use
   * @param maps (K, h, w)
   * @param affine (K, 3)
   * @param image (C, H, W)
   * @param out (count, C, H, W) in the layout
   */
  public void run(
      CudaStream stream,
      CamOperations.Noise noise,
      Layout layout,
      long channels,
      long maps,
      long affine,
      long image,
      int h,
      int w,
      int c,
      int height,
      int width,
      long seed,
      CamOperations.Chunk chunk,
      long out) {
    Grid.positive(h, w, c, height, width, chunk.count(), chunk.samples());
    Grid.aligned(image, out);
    long blocks = Grid.quads(h, w, height, width, modules.block());
    int runs = Grid.runs(blocks, chunk.count(), modules.multiprocessors());
    String variant = noise.name().toLowerCase(Locale.ROOT) + "_" + layout.suffix();
    modules
        .kernel("perturb_and_mask", "perturb_and_mask_" + variant)
        .pointer(channels)
        .pointer(maps)
        .pointer(affine)
        .pointer(image)
        .i32(h)
        .i32(w)
        .i32(c)
        .i32(height)
        .i32(width)
        .i64(seed)
        .i64(chunk.first())
        .i32(chunk.count())
        .i32(chunk.samples())
        .pointer(out)
        .launch(stream, blocks, runs, 1, modules.block(), 0);
  }
}
