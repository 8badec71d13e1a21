package io.sscam.kernels.cuda.net;

import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Gradient;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.contract.NetCases;
import io.sscam.engine.graph.BackwardPass;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;

/** Gradients of single logits by a label's value, on the device and by the reference. */
final class GradientBench {
  private GradientBench() {}

  /**
   * What one compiled gradient gave.
   *
   * @param gradients one for each class that was asked for
   * @param description how they were computed
   */
  record Outcome(List<float[]> gradients, List<String> description) {}

  /** The labels that the logits depend on. */
  static List<String> labels(Graph graph) {
    return graph.labels().keySet().stream().filter(label -> influences(graph, label)).toList();
  }

  private static boolean influences(Graph graph, String label) {
    try {
      BackwardPass.requireInfluence(graph, graph.value(label));
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** In double precision. */
  static List<float[]> reference(Graph graph, float[] picture, String label, int... classes) {
    try (Backend backend = new ReferenceBackend(1);
        Session session = backend.openSession();
        Backend.Model model = backend.load(graph, NetCases.weights(graph), Precision.FP32);
        Gradient net = session.differentiate(model, label)) {
      session.upload(picture, net.input());
      net.run(1);
      List<float[]> gradients = new ArrayList<>();
      for (int c : classes) {
        net.backward(c);
        float[] gradient = new float[net.gradient().shape().elementsAsInt()];
        session.download(net.gradient(), gradient);
        gradients.add(gradient);
      }
      return gradients;
    }
  }

  /** On the device, all in memory of its own that is given back. */
  static Outcome compute(
      NetBench bench,
      Graph graph,
      Precision precision,
      float[] picture,
      String label,
      int... classes) {
    int start = graph.value(label);
    try (DeviceWeights weights = bench.load(graph, precision);
        CudaNet forward =
            CudaNet.compile(bench.tools, weights, 1, BackwardNet.valuesToKeep(graph, start));
        BackwardNet backward = BackwardNet.compile(bench.tools, weights, forward, start)) {
      bench.upload(forward, graph, picture);
      forward.run(1);
      List<float[]> gradients = new ArrayList<>();
      for (int c : classes) {
        backward.run(c);
        int elements = graph.shape(label).elementsAsInt();
        gradients.add(bench.download(backward.gradientAddress(), elements));
      }
      return new Outcome(gradients, backward.describe());
    }
  }
}
