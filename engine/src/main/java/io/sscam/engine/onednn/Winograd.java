package io.sscam.engine.onednn;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;

/**
 * Winograd's minimal filtering F(4×4, 3×3): a 3×3 convolution of stride 1 computes a tile of 4×4
 * outputs from 6×6 inputs as Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A, with 36 multiplications a channel in
 * place of 144. Over all channels and tiles the products are 36 matrix products. Source: Lavin and
 * Gray, "Fast Algorithms for Convolutional Neural Networks", 2015, section 4.3.
 *
 * <p>In float32 its rounding error is about ten times that of the plain sum: some 1e-6 of the
 * largest output.
 */
final class Winograd {
  /** Outputs a tile along one axis. */
  static final int TILE = 4;

  /** Inputs a tile along one axis. */
  static final int WINDOW = 6;

  /** Matrix products a layer. */
  static final int PRODUCTS = WINDOW * WINDOW;

  /** Below this many channels on either side the transforms cost more than the products save. */
  private static final int FEWEST_CHANNELS = 16;

  private static final double[][] G = {
    {1 / 4.0, 0, 0},
    {-1 / 6.0, -1 / 6.0, -1 / 6.0},
    {-1 / 6.0, 1 / 6.0, -1 / 6.0},
    {1 / 24.0, 1 / 12.0, 1 / 6.0},
    {1 / 24.0, -1 / 12.0, 1 / 6.0},
    {0, 0, 1}
  };

  private Winograd() {}

  /**
   * Whether a convolution can and should be computed so. The rule knows the layer alone, not the
   * batch nor the clock, so that a net's results repeat.
   */
  static boolean suits(Graph graph, Layer.Conv2d conv) {
    int inputs = graph.layers().get(conv.input()).output().dim(0);
    return conv.window().kernel() == 3
        && conv.window().stride() == 1
        && inputs >= FEWEST_CHANNELS
        && conv.output().dim(0) >= FEWEST_CHANNELS;
  }

  /** Tiles that cover an extent of outputs. */
  static int tiles(int extent) {
    return (extent + TILE - 1) / TILE;
  }

  /**
   * The filters G g Gᵀ, computed in double precision.
   *
   * @param weight (Cout, Cin, 3, 3)
   * @return (36, Cin, Cout)
   */
  static HostTensor filters(HostTensor weight) {
    int outputs = weight.shape().dim(0);
    int inputs = weight.shape().dim(1);
    float[] filters = new float[PRODUCTS * inputs * outputs];
    double[] half = new double[WINDOW * 3];
    for (int c = 0; c < inputs; c++) {
      for (int k = 0; k < outputs; k++) {
        half(weight.data(), (k * inputs + c) * 9, half);
        for (int i = 0; i < WINDOW; i++) {
          for (int j = 0; j < WINDOW; j++) {
            double sum = 0;
            for (int m = 0; m < 3; m++) {
              sum += half[i * 3 + m] * G[j][m];
            }
            filters[((i * WINDOW + j) * inputs + c) * outputs + k] = (float) sum;
          }
        }
      }
    }
    return new HostTensor(Shape.of(PRODUCTS, inputs, outputs), filters);
  }

  /** G g, 6×3. */
  private static void half(float[] weight, int start, double[] half) {
    for (int i = 0; i < WINDOW; i++) {
      for (int m = 0; m < 3; m++) {
        half[i * 3 + m] =
            G[i][0] * weight[start + m]
                + G[i][1] * weight[start + 3 + m]
                + G[i][2] * weight[start + 6 + m];
      }
    }
  }
}
