package io.sscam.bench.measure;

import io.sscam.bench.selftest.Finding;
import io.sscam.bench.selftest.SelfTest;
import io.sscam.engine.Shape;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.generated.GeneratedWeights;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.reference.ReferenceBackend;
import io.sscam.nets.Network;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Forward passes of the nets, with generated weights: over the batch, and layer by layer. */
final class NetBench {
  private static final int CLASSES = 1000;

  private final Backend backend;
  private final Precision precision;
  private final Effort effort;
  private final Timer timer;
  private final LayerBench layers;

  /** The logits of the first picture, at the timed size, by the smallest batch. */
  private final Map<String, float[]> alone = new HashMap<>();

  NetBench(Backend backend, Precision precision, Effort effort) {
    this.backend = backend;
    this.precision = precision;
    this.effort = effort;
    this.timer = new Timer(effort);
    this.layers = new LayerBench(precision, effort);
  }

  /**
   * Compares every net with the reference. What is timed is compared too: every picture of a batch
   * with the same picture in the smallest.
   *
   * @throws WrongResultException if one is wrong
   */
  void verify() {
    Backend reference = new ReferenceBackend(Runtime.getRuntime().availableProcessors());
    for (Network net : effort.nets()) {
      float[] expected = logits(reference, Precision.FP32, net);
      check(net.id(), logits(backend, precision, net), expected);
    }
  }

  private void check(String what, float[] actual, float[] expected) {
    WrongResultException.check(
        "the forward pass of " + what,
        Finding.error(actual, expected, Float.MIN_NORMAL),
        SelfTest.netBudget(precision));
  }

  private float[] logits(Backend device, Precision precision, Network network) {
    int side = effort.checkedSide();
    Graph graph = network.graph(side, side, CLASSES);
    try (Backend.Model model = device.load(graph, weights(network), precision);
        Session session = device.openSession();
        Executable net = session.compile(model, 1, Set.of())) {
      session.upload(picture(graph), net.input());
      net.run(1);
      return download(session, net);
    }
  }

  private static GeneratedWeights weights(Network network) {
    return new GeneratedWeights(network.parameters(CLASSES));
  }

  private static float[] picture(Graph graph) {
    return Workbench.uniform("picture", graph.input().elementsAsInt());
  }

  private static float[] download(Session session, Executable net) {
    float[] logits = new float[net.logits().shape().elementsAsInt()];
    session.download(net.logits(), logits);
    return logits;
  }

  /** Times whole nets, single layers, or both: loading a net takes longer than timing it. */
  void run(Group wanted, Recorder recorder) {
    for (Network network : effort.nets()) {
      Graph graph = network.graph(effort.side(), effort.side(), CLASSES);
      try (Backend.Model model = backend.load(graph, weights(network), precision);
          Session session = backend.openSession()) {
        if (wanted.includes(Group.NETS)) {
          batches(network.id(), model, session, recorder);
        }
        if (wanted.includes(Group.LAYERS)) {
          layers.run(network.id(), model, session, recorder);
        }
      }
    }
  }

  /** Rising batches, until one is too slow or too large for the device. */
  private void batches(String net, Backend.Model model, Session session, Recorder recorder) {
    double perPicture = 0;
    for (int batch : effort.batches()) {
      if (batch > recorder.sizes().batches().getOrDefault(net, Integer.MAX_VALUE)) {
        return;
      }
      if (perPicture * batch > effort.longest()) {
        stop(net, batch, "would take longer than %s s".formatted(effort.longest()), recorder);
        return;
      }
      try {
        perPicture = batch(net, model, session, batch, recorder);
      } catch (OutOfDeviceMemoryException e) {
        stop(net, batch, "the device has not enough memory", recorder);
        return;
      }
    }
  }

  private void stop(String net, int batch, String why, Recorder recorder) {
    recorder.sizes().batches().put(net, batch - 1);
    recorder.note(net + " is not run with batch " + batch + " and more: " + why);
  }

  /** Times one batch; gives the median seconds of one picture. */
  private double batch(
      String name, Backend.Model model, Session session, int batch, Recorder recorder) {
    Graph graph = model.graph();
    GraphCost cost = GraphCost.of(graph);
    try (Executable net = session.compile(model, batch, Set.of())) {
      session.upload(repeat(picture(graph), batch), net.input());
      net.run(batch);
      float[] rows = download(session, net);
      float[] one = alone.computeIfAbsent(name, n -> Arrays.copyOf(rows, CLASSES));
      check(name + ", batch " + batch, rows, repeat(one, batch));
      double[] seconds = timer.time(session, () -> net.run(batch));
      Shape input = graph.input();
      recorder.add(
          Recorder.Row.timed(
              Group.NETS,
              name,
              input.dim(1) + "×" + input.dim(2) + ", batch " + batch,
              cost.bytes(batch, Roof.bytes(precision)),
              batch * cost.flops(),
              batch),
          seconds);
      return new Quantiles(seconds).median() / batch;
    }
  }

  /** The same row so many times. */
  private static float[] repeat(float[] row, int times) {
    float[] all = new float[Math.multiplyExact(row.length, times)];
    for (int i = 0; i < times; i++) {
      System.arraycopy(row, 0, all, i * row.length, row.length);
    }
    return all;
  }
}
