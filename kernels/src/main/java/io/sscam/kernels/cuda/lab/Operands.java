package io.sscam.kernels.cuda.lab;

import java.util.SplittableRandom;

/**
 * The inputs of one call, the same each time; what an operation has no use for is empty.
 *
 * @param channels (k) the maps in reverse, so that an index taken for a map shows
 * @param maps (k, h, w)
 * @param affine (k, 3) shift, scale and noise
 * @param image (C, H, W)
 * @param mask (H, W)
 */
record Operands(int[] channels, float[] maps, float[] affine, float[] image, float[] mask) {
  static final long SEED = -0x123456789ABCDEFL;

  /** Numbers from −1 to 1; the last of the maps whose extremes are wanted holds a NaN if asked. */
  static Operands of(Operation operation, Size s, boolean withNan) {
    SplittableRandom random = new SplittableRandom(2026);
    boolean maps = operation != Operation.MASK_MULTIPLY;
    boolean perturb = operation == Operation.PERTURB_AND_MASK;
    boolean image = perturb || operation == Operation.MASK_MULTIPLY;
    int[] channels = new int[perturb ? s.k() : 0];
    for (int l = 0; l < channels.length; l++) {
      channels[l] = s.k() - 1 - l;
    }
    Operands made =
        new Operands(
            channels,
            uniform(random, maps ? Math.multiplyExact(s.k(), s.cells()) : 0),
            uniform(random, perturb ? 3 * s.k() : 0),
            uniform(random, image ? s.elements() : 0),
            uniform(random, operation == Operation.MASK_MULTIPLY ? s.pixels() : 0));
    if (withNan && operation == Operation.MINMAX && s.k() > 1) {
      made.maps[made.maps.length - 1 - s.cells() / 2] = Float.NaN;
    }
    return made;
  }

  private static float[] uniform(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (random.nextInt() >> 7) * 0x1p-24f;
    }
    return values;
  }
}
