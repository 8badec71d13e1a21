package io.sscam.bench.selftest;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.generated.GeneratedWeights;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.reference.ReferenceBackend;
import io.sscam.nets.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Every operation and all three nets on a device, against plain loops in double precision. The nets
 * have generated weights and small pictures, so that the reference ends in seconds.
 */
public final class SelfTest {
  private static final int CLASSES = 1000;
  private static final int SIDE = 96;

  private final Backend device;
  private final Precision precision;
  private final Backend reference;

  /**
   * Prepares the checks.
   *
   * @param device stays the caller's
   * @param threads for the reference
   */
  public SelfTest(Backend device, Precision precision, int threads) {
    this.device = device;
    this.precision = precision;
    this.reference = new ReferenceBackend(threads);
  }

  /**
   * Runs all checks.
   *
   * @param each is told of every finding at once
   */
  public List<Finding> run(Consumer<Finding> each) {
    List<Finding> findings = new ArrayList<>(operations(each));
    findings.addAll(nets(each));
    return findings;
  }

  /** Checks the operations only. */
  public List<Finding> operations(Consumer<Finding> each) {
    List<Finding> findings = new ArrayList<>();
    try (Session expected = reference.openSession();
        Session actual = device.openSession()) {
      for (OperationChecks.Check check : OperationChecks.all()) {
        findings.add(operation(check, expected, actual));
        each.accept(findings.get(findings.size() - 1));
      }
    }
    return findings;
  }

  private List<Finding> nets(Consumer<Finding> each) {
    List<Finding> findings = new ArrayList<>();
    for (Network network : Network.all()) {
      net(network, each.andThen(findings::add));
    }
    return findings;
  }

  private static Finding operation(OperationChecks.Check check, Session reference, Session device) {
    double error = 0;
    for (OperationChecks.Work work : check.cases()) {
      float[] expected = compute(reference, work);
      error = Finding.worse(error, Finding.error(compute(device, work), expected, check.floor()));
    }
    return new Finding(check.what(), check.cases().size(), error, check.budget());
  }

  private static float[] compute(Session session, OperationChecks.Work work) {
    try (Arena arena = session.arena("self-test")) {
      return work.on(new OperationChecks.Bench(session, arena));
    }
  }

  /**
   * The largest allowed error relative to the largest value. fp32: rounding through 20 layers. tf32
   * and fp16 keep 10 bits of a factor, 5e-4 each, which adds up over the layers of nets that
   * normalise nothing; bf16 keeps 7; sums are float32.
   */
  public static double netBudget(Precision precision) {
    return switch (precision) {
      case FP32 -> 1e-4;
      case TF32 -> 5e-3;
      case FP16 -> 1e-2;
      case BF16 -> 3e-2;
    };
  }

  private void net(Network network, Consumer<Finding> each) {
    Graph graph = network.graph(SIDE, SIDE, CLASSES);
    GeneratedWeights weights = new GeneratedWeights(network.parameters(CLASSES));
    HostTensor pictures = GeneratedWeights.input();
    float[] input = Arrays.copyOf(pictures.data(), 2 * graph.input().elementsAsInt());
    String layer = network.defaultLayer();
    List<float[]> expected = forward(reference, Precision.FP32, graph, weights, layer, input);
    List<float[]> actual = forward(device, precision, graph, weights, layer, input);
    double budget = netBudget(precision);
    each.accept(
        new Finding(network.id() + ", logits", 2, error(actual.get(0), expected.get(0)), budget));
    each.accept(
        new Finding(network.id() + ", " + layer, 2, error(actual.get(1), expected.get(1)), budget));
  }

  private static double error(float[] actual, float[] expected) {
    return Finding.error(actual, expected, Float.MIN_NORMAL);
  }

  /** The logits and the layer's activations of two pictures. */
  private static List<float[]> forward(
      Backend backend,
      Precision precision,
      Graph graph,
      GeneratedWeights weights,
      String layer,
      float[] input) {
    try (Backend.Model model = backend.load(graph, weights, precision);
        Session session = backend.openSession();
        Executable net = session.compile(model, 2, Set.of(layer))) {
      session.upload(input, net.input());
      net.run(2);
      Shape logits = net.logits().shape();
      float[] answer = new float[logits.elementsAsInt()];
      session.download(net.logits(), answer);
      float[] activations = new float[net.kept(layer).shape().elementsAsInt()];
      session.download(net.kept(layer), activations);
      return List.of(answer, activations);
    }
  }
}
