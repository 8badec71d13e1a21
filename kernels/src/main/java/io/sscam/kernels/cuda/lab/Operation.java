package io.sscam.kernels.cuda.lab;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A kernel that a candidate may take the place of. */
public enum Operation {
  /** x_ki of SPEC's SS-CAM, noise on the masked input, float32 and NCHW. */
  PERTURB_AND_MASK(
      "perturb_and_mask",
      "perturb_and_mask_masked_input_nchw_f32",
      "const int* channels, const float* maps, const float* affine, const float* image, int h,"
          + " int w, int C, int H, int W, unsigned long long seed, long long first, int count,"
          + " int samples, void* out",
      1e-5) {
    @Override
    List<Size> awkward() {
      return List.of(
          Size.upsampled(1, 1, 1, 1, 1).pairs(1, 0, 1, 1),
          Size.upsampled(3, 1, 5, 1, 17).pairs(1, 1, 5, 2),
          Size.upsampled(5, 3, 2, 5, 7).pairs(3, 4, 9, 3),
          Size.upsampled(2, 7, 7, 33, 47).pairs(2, 0, 7, 10),
          Size.upsampled(4, 13, 9, 11, 6).pairs(4, 2, 9, 3));
    }

    @Override
    Size timed(boolean quick) {
      return Size.upsampled(64, 14, 14, 224, 224).pairs(3, 0, quick ? 32 : 256, 10);
    }

    @Override
    int results(Size s) {
      return Math.multiplyExact(s.count(), s.elements());
    }

    @Override
    double bytes(Size s) {
      double used = (s.first() + s.count() - 1) / s.samples() - s.first() / s.samples() + 1;
      return Float.BYTES * (used * s.cells() + (s.count() + 1.0) * s.elements());
    }

    @Override
    String on(Size s) {
      return "pairs %d … %d of %d samples, %s → %d×%d×%d"
          .formatted(
              s.first(),
              s.first() + s.count() - 1,
              s.samples(),
              maps(s),
              s.c(),
              s.height(),
              s.width());
    }
  },

  /** A mask times every channel of a picture. */
  MASK_MULTIPLY(
      "mask_multiply",
      "mask_multiply",
      "const float* mask, const float* image, int C, long long hw, float* out",
      1e-6) {
    @Override
    List<Size> awkward() {
      return List.of(
          Size.picture(1, 1, 1),
          Size.picture(3, 1, 7),
          Size.picture(2, 5, 13),
          Size.picture(5, 31, 33),
          Size.picture(3, 64, 64));
    }

    @Override
    Size timed(boolean quick) {
      return quick ? Size.picture(3, 512, 512) : Size.picture(3, 4096, 4096);
    }

    @Override
    int results(Size s) {
      return s.elements();
    }

    @Override
    double bytes(Size s) {
      return (double) Float.BYTES * (s.pixels() + 2.0 * s.elements());
    }

    @Override
    String on(Size s) {
      return s.c() + "×" + s.height() + "×" + s.width();
    }
  },

  /** U of SPEC. */
  UPSAMPLE_BILINEAR(
      "upsample_bilinear",
      "upsample_bilinear",
      "const float* maps, int k, int h, int w, float* out, int H, int W",
      1e-5) {
    @Override
    List<Size> awkward() {
      return List.of(
          Size.upsampled(1, 1, 1, 1, 1),
          Size.upsampled(3, 1, 9, 1, 31),
          Size.upsampled(1, 7, 5, 3, 1),
          Size.upsampled(7, 7, 7, 33, 29),
          Size.upsampled(131, 2, 3, 8, 20),
          Size.upsampled(2, 40, 33, 17, 21));
    }

    @Override
    Size timed(boolean quick) {
      return Size.upsampled(quick ? 32 : 2048, 14, 14, 224, 224);
    }

    @Override
    int results(Size s) {
      return Math.multiplyExact(s.k(), s.pixels());
    }

    @Override
    double bytes(Size s) {
      return (double) Float.BYTES * s.k() * ((double) s.cells() + s.pixels());
    }

    @Override
    String on(Size s) {
      return maps(s) + " → " + s.height() + "×" + s.width();
    }
  },

  /** Minimum and maximum of every map; a NaN in a map gives NaN. */
  MINMAX("minmax", "minmax", "const float* maps, int k, long long elements, float* range", 0) {
    @Override
    List<Size> awkward() {
      return List.of(
          Size.maps(1, 1, 1),
          Size.maps(7, 1, 3),
          Size.maps(5, 13, 13),
          Size.maps(2, 1, 1023),
          Size.maps(131, 5, 7),
          Size.maps(3, 64, 64));
    }

    @Override
    Size timed(boolean quick) {
      return Size.maps(quick ? 32 : 2048, 224, 224);
    }

    @Override
    int results(Size s) {
      return 2 * s.k();
    }

    @Override
    double bytes(Size s) {
      return (double) Float.BYTES * s.k() * (s.cells() + 2.0);
    }

    @Override
    String on(Size s) {
      return maps(s);
    }
  };

  private final String id;
  private final String function;
  private final String parameters;
  private final double tolerance;

  /**
   * Describes one.
   *
   * @param id its name, that of a candidate's entry point and of the project's {@code .cu}
   * @param function the project's kernel
   * @param parameters both kernels'
   * @param tolerance of an element, relative to the largest of all
   */
  Operation(String id, String function, String parameters, double tolerance) {
    this.id = id;
    this.function = function;
    this.parameters = parameters;
    this.tolerance = tolerance;
  }

  /** The name of the operation, of its {@code .cu} and of a candidate's entry point. */
  public String id() {
    return id;
  }

  /** What a candidate must declare. */
  public String signature() {
    return "extern \"C\" __global__ void " + id + "(" + parameters + ")";
  }

  /** By its name. */
  public static Optional<Operation> of(String id) {
    return Arrays.stream(values()).filter(operation -> operation.id.equals(id)).findFirst();
  }

  /** All names, for messages. */
  public static String names() {
    return Arrays.stream(values()).map(Operation::id).collect(Collectors.joining(", "));
  }

  /** The project's kernel. */
  String function() {
    return function;
  }

  /** As in the signature: types and names. */
  String parameters() {
    return parameters;
  }

  /** What an element may be off, relative to the largest of all. */
  double tolerance() {
    return tolerance;
  }

  private static String maps(Size s) {
    return s.k() + "×" + s.h() + "×" + s.w();
  }

  /** Where mistakes show: single elements, odd widths, counts that no block divides. */
  abstract List<Size> awkward();

  /** Large enough to be timed; the quick one is ten times smaller. */
  abstract Size timed(boolean quick);

  /** Elements of the output. */
  abstract int results(Size s);

  /** What must be read and written at least, each operand once. */
  abstract double bytes(Size s);

  /** The sizes in words. */
  abstract String on(Size s);
}
