package io.sscam.engine.contract;

import java.util.SplittableRandom;

/**
 * Random content of tensors; new values in every run, unless the system property fixes the seed.
 */
final class Values {
  /** The seed of this run: {@code -Dsscam.seed}, or a new one. */
  static final long SEED = Long.getLong("sscam.seed", System.nanoTime());

  /** How the elements of a map are spread. */
  enum Kind {
    /** Both signs. */
    MIXED,
    /** As after a ReLU: half of the elements zero. */
    RECTIFIED,
    /** All alike. */
    CONSTANT,
    /** All below the smallest normal float. */
    DENORMAL;

    float[] make(int elements) {
      return make(elements, elements);
    }

    /** Values that differ between purposes. */
    float[] make(int elements, long purpose) {
      SplittableRandom random = random(purpose);
      float[] values = new float[elements];
      float constant = uniform(random);
      for (int e = 0; e < elements; e++) {
        float value = uniform(random);
        values[e] =
            switch (this) {
              case MIXED -> value;
              case RECTIFIED -> Math.max(value, 0);
              case CONSTANT -> constant;
              case DENORMAL -> value * 0x1p-130f;
            };
      }
      return values;
    }
  }

  private Values() {}

  /** Values in [−2, 2). */
  static float[] mixed(int... dims) {
    int elements = 1;
    for (int dim : dims) {
      elements *= dim;
    }
    return Kind.MIXED.make(elements);
  }

  /** A stream of its own for every purpose. */
  private static SplittableRandom random(long purpose) {
    return new SplittableRandom(SEED ^ (purpose * 0x9E3779B97F4A7C15L));
  }

  private static float uniform(SplittableRandom random) {
    return (float) (random.nextDouble() * 4 - 2);
  }
}
