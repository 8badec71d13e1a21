package io.sscam.bench.peers;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.sscam.bench.peers.Report.BatchFigures;
import io.sscam.bench.peers.Report.NetFigures;
import io.sscam.engine.Shape;
import io.sscam.engine.TensorSource;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Backends;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.graph.Graph;
import io.sscam.nets.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Our forward pass beside ONNX Runtime's: same arithmetic, input and threads, in turns; then
 * SS-CAM's cost a scored mask beside our bare forward pass.
 */
@Command(name = "compare-forward", mixinStandardHelpOptions = true)
public final class CompareForward implements Callable<Integer> {
  private static final int SIDE = 224;
  private static final int CLASSES = 1000;
  private static final double TOLERANCE = 1e-3;

  @Option(names = "--threads", description = "of each engine; default: ${DEFAULT-VALUE}")
  private int threads = 2;

  @Option(names = "--nets", split = ",", description = "default: all three")
  private List<String> nets = List.of("resnet18", "vgg16", "squeezenet1_0");

  @Option(names = "--batches", split = ",", description = "default: 1,4,8,16,32")
  private List<Integer> batches = List.of(1, 4, 8, 16, 32);

  @Option(names = "--seconds", description = "a net and batch; default: ${DEFAULT-VALUE}")
  private double seconds = 6;

  @Option(names = "--json", description = "a file for the figures")
  private @Nullable Path json;

  /** Runs the comparison and exits. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new CompareForward()).execute(args));
  }

  @Override
  public Integer call() throws IOException, OrtException {
    try (Backend backend = Backends.open("cpu", threads)) {
      Report report = new Report(Environment.describe(backend, threads), new ArrayList<>());
      report.environment().forEach((key, value) -> System.out.println(key + ": " + value));
      for (String net : nets) {
        report.nets().add(compare(backend, Network.named(net)));
      }
      System.out.println();
      report.table().forEach(System.out::println);
      if (json != null) {
        report.writeJson(json);
      }
    }
    return 0;
  }

  private NetFigures compare(Backend backend, Network net) throws IOException, OrtException {
    Graph graph = net.graph(SIDE, SIDE, CLASSES);
    TensorSource weights = new RandomWeights(net.parameters(CLASSES), 1);
    Path file = Files.createTempFile("sscam-peers", ".onnx");
    try (Backend.Model model = backend.load(graph, weights, Precision.FP32)) {
      OnnxWriter.write(graph, weights, file);
      try (OrtSession peer = OrtForward.open(file, threads)) {
        Files.delete(file);
        return compare(backend, model, peer, net);
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private NetFigures compare(Backend backend, Backend.Model model, OrtSession peer, Network net)
      throws OrtException {
    List<BatchFigures> figures = new ArrayList<>();
    double difference = 0;
    for (int batch : batches) {
      float[] input = pictures(batch);
      try (Forward other = new OrtForward(peer, Shape.of(3, SIDE, SIDE), batch, input);
          Forward ours = new OurForward(backend, model, batch, input)) {
        difference = Math.max(difference, difference(net, other.logits(), ours.logits()));
        Alternation turns = Alternation.run(other::run, ours::run, seconds);
        figures.add(
            new BatchFigures(
                batch,
                turns.first() / batch,
                turns.second() / batch,
                turns.ratio(),
                turns.cpuRatio(),
                turns.rounds()));
      }
      System.err.println(net.id() + ": " + figures.get(figures.size() - 1));
    }
    int best = Report.best(figures).batch();
    Alternation cost = MaskCost.measure(backend, model, net.defaultLayer(), best, seconds);
    double maskMs = cost.first() / best;
    double bareMs = cost.second() / best;
    return new NetFigures(
        net.id(), difference, figures, best, maskMs, bareMs, cost.ratio(), cost.cpuRatio());
  }

  private static float[] pictures(int batch) {
    float[] values = new float[batch * 3 * SIDE * SIDE];
    RandomWeights.fill(values, new SplittableRandom(batch), 0, 2);
    return values;
  }

  /** Timing two engines that compute different things would be worth nothing. */
  private static double difference(Network net, float[] expected, float[] actual) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs((double) expected[i] - actual[i]));
    }
    if (expected.length != actual.length || !(difference <= TOLERANCE * largest) || largest == 0) {
      throw new IllegalStateException(
          net.id() + ": the engines' logits differ by " + difference + " of " + largest);
    }
    return difference / largest;
  }
}
