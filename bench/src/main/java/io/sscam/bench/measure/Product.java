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
 * layer, (B, n) · (n, n), or a 1×1 convolution, which is the product of (n, n) with the B·28·28
 * columns of its input.
 *
 * @param side 1 for the fully connected layer, 28 for the convolution
 * @param n channels or features
 * @param batch B
 */
record Product(int side, int n, int batch) {
  private static final int GRID = 28;
  private static final String LAYER = "product";

  /** Elements of the result that are recomputed. */
  private static final int CHECKED = 64;

  /** (n, n) · (n, n). */
  static Product linear(int n) {
    return new Product(1, n, n);
  }

  /** n channels to n channels, on as many columns as make the product about square or longer. */
  static Product convolution(int n) {
    return new Product(GRID, n, Math.max(16, n * 4 / (GRID * GRID)));
  }

  double flops() {
    return 2.0 * n * n * columns();
  }

  /** Both factors and the result, once. */
  double bytes(Precision precision) {
    return ((double) n * n + 2.0 * n * columns()) * Roof.bytes(precision);
  }

  private double columns() {
    return (double) batch * side * side;
  }

  private Graph graph() {
    Graph.Builder g = Graph.builder(Shape.of(n, side, side));
    if (side == 1) {
      g.linear(LAYER, g.input(), n, false);
    } else {
      g.conv(g.input(), ConvSpec.of(LAYER, n, 1));
    }
    return g.build();
  }

  private GeneratedWeights weights() {
    Shape weight = side == 1 ? Shape.of(n, n) : Shape.of(n, n, 1, 1);
    return new GeneratedWeights(Map.of(LAYER + ".weight", weight, LAYER + ".bias", Shape.of(n)));
  }

  /** Rows and inner extent, then columns. */
  @Override
  public String toString() {
    return n + "²·" + (long) columns();
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
        int picture = e / (n * cells);
        int row = e / cells % n;
        double sum = bias.data()[row];
        for (int k = 0; k < n; k++) {
          double x = input[(picture * n + k) * cells + e % cells];
          sum += (double) weight.data()[row * n + k] * x;
        }
        expected[i] = (float) sum;
        actual[i] = result[e];
      }
      double error = Finding.error(actual, expected, Float.MIN_NORMAL);
      WrongResultException.check(
          "a product of matrices " + Product.this, error, SelfTest.netBudget(precision));
    }

    @Override
    public void close() {
      net.close();
      session.close();
      model.close();
    }
  }
}
