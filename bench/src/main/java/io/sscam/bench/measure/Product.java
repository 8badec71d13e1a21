package io.sscam.bench.measure;

import io.sscam.bench.selftest.Finding;
import io.sscam.bench.selftest.SelfTest;
import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.generated.GeneratedWeights;
import io.sscam.engine.graph.ConvSpec;
import io.sscam.engine.graph.Graph;
import java.util.Map;
import java.util.Set;

/**
 * A large matrix product as a net of one layer: the contract has no other. Either a fully connected
 * layer, (B, n) · (n, n), or a convolution, which is the product of (n, n·kernel²) with the B·28·28
 * columns of its windows. That of 5×5 reads each activation 25 times, so that it shows what the
 * arithmetic can do, and is not Winograd's, which would do less of it.
 *
 * @param side 1 for the fully connected layer, 28 for a convolution
 * @param kernel 1 for the fully connected layer
 * @param n channels or features
 * @param batch B
 */
record Product(int side, int kernel, int n, int batch) {
  private static final int GRID = 28;
  private static final String LAYER = "product";

  /** Elements of the result that are recomputed. */
  private static final int CHECKED = 64;

  /** (n, n) · (n, n). */
  static Product linear(int n) {
    return new Product(1, 1, n, n);
  }

  /** n channels to n channels, on as many columns as make the product about square or longer. */
  static Product convolution(int kernel, int n) {
    return new Product(GRID, kernel, n, Math.max(16, n * 4 / (GRID * GRID)));
  }

  double flops() {
    return 2.0 * n * inner() * columns();
  }

  /** Both factors and the result, once. */
  double bytes(Precision precision) {
    return (n * inner() + 2.0 * n * columns()) * Roof.bytes(precision);
  }

  /** Terms of a sum. */
  private double inner() {
    return (double) n * kernel * kernel;
  }

  private double columns() {
    return (double) batch * side * side;
  }

  private Graph graph() {
    Graph.Builder g = Graph.builder(Shape.of(n, side, side));
    if (side == 1) {
      g.linear(LAYER, g.input(), n, false);
    } else {
      g.conv(g.input(), ConvSpec.of(LAYER, n, kernel).padding(kernel / 2));
    }
    return g.build();
  }

  private GeneratedWeights weights() {
    Shape weight = side == 1 ? Shape.of(n, n) : Shape.of(n, n, kernel, kernel);
    return new GeneratedWeights(Map.of(LAYER + ".weight", weight, LAYER + ".bias", Shape.of(n)));
  }

  /** Rows and channels, then the taps of a window, if several, then columns. */
  @Override
  public String toString() {
    return n + "²·" + (kernel == 1 ? "" : kernel * kernel + "·") + (long) columns();
  }

  /**
   * Computes it, checks some elements and times it.
   *
   * @throws WrongResultException if an element is wrong
   */
  double[] time(Backend backend, Precision precision, Timer timer) {
    try (Opened opened = new Opened(backend, precision)) {
      opened.verify();
      return timer.time(opened.session, () -> opened.net.run(batch));
    }
  }

  /** Seconds of one product, after one that warms up. */
  double once(Backend backend, Precision precision) {
    try (Opened opened = new Opened(backend, precision)) {
      opened.net.run(batch);
      return Timer.block(opened.session, () -> opened.net.run(batch), 1);
    }
  }

  /** The compiled layer with its input. */
  private final class Opened implements AutoCloseable {
    private final Precision precision;
    private final Backend.Model model;
    private final Session session;
    private final Executable net;
    private final float[] input;

    Opened(Backend backend, Precision precision) {
      this.precision = precision;
      this.input = Workbench.uniform("input", Shape.of(batch, n, side, side).elementsAsInt());
      this.model = backend.load(graph(), weights(), precision);
      this.session = backend.openSession();
      this.net = session.compile(model, batch, Set.of());
      session.upload(input, net.input());
    }

    /** Compares elements spread over the result with sums in double precision. */
    void verify() {
      net.run(batch);
      Shape shape = net.logits().shape();
      float[] result = new float[shape.elementsAsInt()];
      session.download(net.logits(), result);
      HostTensor weight = weights().read(LAYER + ".weight");
      HostTensor bias = weights().read(LAYER + ".bias");
      int cells = side * side;
      float[] expected = new float[CHECKED];
      float[] actual = new float[CHECKED];
      for (int i = 0; i < CHECKED; i++) {
        int e = (int) ((long) (result.length - 1) * i / (CHECKED - 1));
        int row = e / cells % n;
        int first = e / (n * cells) * n * cells;
        expected[i] = (float) (bias.data()[row] + sum(weight.data(), row, first, e % cells));
        actual[i] = result[e];
      }
      double error = Finding.error(actual, expected, Float.MIN_NORMAL);
      WrongResultException.check(
          "a product of matrices " + Product.this, error, SelfTest.netBudget(precision));
    }

    /** An element of the product, from the picture at {@code first} in the input. */
    private double sum(float[] weight, int row, int first, int cell) {
      double sum = 0;
      for (int k = 0; k < n; k++) {
        for (int tap = 0; tap < kernel * kernel; tap++) {
          int y = cell / side + tap / kernel - kernel / 2;
          int x = cell % side + tap % kernel - kernel / 2;
          if (y >= 0 && y < side && x >= 0 && x < side) {
            double value = input[first + (k * side + y) * side + x];
            sum += weight[(row * n + k) * kernel * kernel + tap] * value;
          }
        }
      }
      return sum;
    }

    @Override
    public void close() {
      net.close();
      session.close();
      model.close();
    }
  }
}
