package io.sscam.bench.measure;

import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;

/**
 * What the machine can do at best: bandwidth of memory, and matrix products in every precision that
 * the device has. All else is shown as a share of these.
 */
final class Ceilings {
  private static final int SMALLEST_PRODUCT = 256;

  private final Backend backend;
  private final Effort effort;
  private final Timer timer;

  Ceilings(Backend backend, Effort effort) {
    this.backend = backend;
    this.effort = effort;
    this.timer = new Timer(effort);
  }

  /** Measures the device as it was opened. */
  void run(Recorder recorder) {
    bandwidth(backend, recorder);
    for (Precision precision : new TreeSet<>(backend.precisions())) {
      products(backend, precision, recorder);
    }
  }

  /**
   * Measures a CPU with fewer threads too; does nothing for other devices.
   *
   * @param open opens the device with so many threads
   */
  void scaling(IntFunction<Backend> open, Recorder recorder) {
    if (!onHost(backend)) {
      return;
    }
    for (int threads : fewer(backend.device().threads())) {
      try (Backend smaller = open.apply(threads)) {
        bandwidth(smaller, recorder);
        products(smaller, Precision.FP32, recorder);
      }
    }
  }

  /** The powers of two below a number of threads. */
  static List<Integer> fewer(int threads) {
    List<Integer> counts = new ArrayList<>();
    for (int t = 1; t < threads; t *= 2) {
      counts.add(t);
    }
    return counts;
  }

  /** The roof over the rows measured. */
  static Roof roof(List<Measurement> rows, Precision precision) {
    return new Roof(
        best(rows, row -> row.flops() == 0 ? row.bytesPerSecond() : 0),
        best(rows, row -> row.name().endsWith(Precision.FP32.id()) ? row.flopsPerSecond() : 0),
        best(rows, row -> row.name().endsWith(precision.id()) ? row.flopsPerSecond() : 0));
  }

  private static double best(List<Measurement> rows, ToDoubleFunction<Measurement> rate) {
    return rows.stream()
        .filter(row -> row.group() == Group.CEILINGS)
        .mapToDouble(rate)
        .max()
        .orElseThrow();
  }

  private static boolean onHost(Backend backend) {
    return backend.device().id().equals("cpu");
  }

  private static String threads(Backend backend) {
    int threads = backend.device().threads();
    return onHost(backend) ? ", " + threads + (threads == 1 ? " thread" : " threads") : "";
  }

  private void bandwidth(Backend backend, Recorder recorder) {
    try (Session session = backend.openSession()) {
      if (!onHost(backend)) {
        copy(session, recorder);
        return;
      }
      String params = (effort.streamBytes() >> 20) + " MiB" + threads(backend);
      try (HostStreams streams =
          new HostStreams(effort.streamBytes(), backend.device().threads())) {
        streams.verify();
        recorder.add(
            Recorder.Row.timed(Group.CEILINGS, "copy", params, streams.copyBytes(), 0, 0),
            timer.time(session, streams::copy));
        recorder.add(
            Recorder.Row.timed(
                Group.CEILINGS, "triad a = b + s·c", params, streams.triadBytes(), 0, 0),
            timer.time(session, streams::triad));
      }
    }
  }

  /** A copy within the device's memory, four times as large as the host's. */
  private void copy(Session session, Recorder recorder) {
    int elements = effort.streamBytes();
    try (Arena arena = session.arena("bandwidth")) {
      Tensor source = arena.floats("source", elements);
      Tensor target = arena.floats("target", elements);
      session.fill(source, 1.5f);
      session.fill(target, Float.NaN);
      session.copy(source, target, elements);
      float[] copied = new float[elements];
      session.download(target, copied);
      for (float value : copied) {
        if (!(value == 1.5f)) {
          throw new WrongResultException("a copy in the device's memory is wrong");
        }
      }
      double bytes = 2.0 * elements * Float.BYTES;
      String params = (((long) elements * Float.BYTES) >> 20) + " MiB";
      recorder.add(
          Recorder.Row.timed(Group.CEILINGS, "copy on the device", params, bytes, 0, 0),
          timer.time(session, () -> session.copy(source, target, elements)));
    }
  }

  private void products(Backend backend, Precision precision, Recorder recorder) {
    int largest = effort.largestProduct();
    measure("product, linear", Product::linear, largest, backend, precision, recorder);
    // Convolutions of n channels have far more columns and, of 5×5, longer sums.
    measure(
        "product, 1×1 conv",
        n -> Product.convolution(1, n),
        largest / 4,
        backend,
        precision,
        recorder);
    measure(
        "product, 5×5 conv",
        n -> Product.convolution(5, n),
        largest / 16,
        backend,
        precision,
        recorder);
  }

  private void measure(
      String name,
      IntFunction<Product> ofSize,
      int largest,
      Backend backend,
      Precision precision,
      Recorder recorder) {
    String full = name + ", " + precision.id();
    int n =
        recorder
            .sizes()
            .products()
            .computeIfAbsent(
                full + threads(backend), key -> largeEnough(ofSize, largest, backend, precision));
    Product product = ofSize.apply(n);
    recorder.add(
        Recorder.Row.timed(
            Group.CEILINGS,
            full,
            product + threads(backend),
            product.bytes(precision),
            product.flops(),
            0),
        product.time(backend, precision, timer));
  }

  private int largeEnough(
      IntFunction<Product> ofSize, int largest, Backend backend, Precision precision) {
    int n = Math.min(SMALLEST_PRODUCT, largest);
    while (true) {
      Product product = ofSize.apply(n);
      if (2 * n > largest || product.once(backend, precision) >= effort.product()) {
        return n;
      }
      n *= 2;
    }
  }
}
