package io.sscam.bench.peers;

import io.sscam.bench.peers.Results.ForwardTime;
import io.sscam.bench.peers.Results.MaskTime;
import io.sscam.engine.TensorSource;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Backends;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.graph.Graph;
import io.sscam.nets.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Our forward pass beside those of ONNX Runtime and of PyTorch through DJL: same arithmetic, input
 * and threads, in turns; then SS-CAM's loop beside our bare forward passes.
 */
@Command(name = "compare-forward", mixinStandardHelpOptions = true)
public final class CompareForward implements Callable<Integer> {
  private static final int SIDE = 224;
  private static final int CLASSES = 1000;
  private static final double TOLERANCE = 1e-3;
  private static final double BFLOAT16_TOLERANCE = 0.1;

  /**
   * Pictures a turn, at least: a single one would measure how long sleeping threads take to wake.
   */
  private static final int TURN_PICTURES = 16;

  @Option(names = "--threads", description = "of each engine; default: ${DEFAULT-VALUE}")
  private int threads = 2;

  @Option(names = "--nets", split = ",", description = "default: all three")
  private List<String> nets = List.of("resnet18", "vgg16", "squeezenet1_0");

  @Option(names = "--batches", split = ",", description = "default: 1,4,8,16,32")
  private List<Integer> batches = List.of(1, 4, 8, 16, 32);

  @Option(names = "--engines", split = ",", description = "beside ours; default: all three")
  private List<String> engines = List.of(OrtNet.ENGINE, DjlNet.ENGINE, DjlNet.CHANNELS_LAST);

  @Option(names = "--precision", description = "of ours, fp32 or bf16; default: ${DEFAULT-VALUE}")
  private Precision precision = Precision.FP32;

  @Option(names = "--seconds", description = "a net and batch; default: ${DEFAULT-VALUE}")
  private double seconds = 6;

  @Option(names = "--json", description = "a file for the figures")
  private @Nullable Path json;

  /** Runs the comparison and exits. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new CompareForward())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(args));
  }

  @Override
  public Integer call() throws IOException {
    try (Backend backend = Backends.open("cpu", threads)) {
      Results results =
          new Results(
              Results.SCHEMA,
              "CompareForward",
              environment(backend),
              new ArrayList<>(),
              new ArrayList<>(),
              List.of());
      results.environment().forEach((key, value) -> System.out.println(key + ": " + value));
      for (String net : nets) {
        compare(backend, Network.named(net), results);
      }
      System.out.println();
      Tables.of(List.of(results)).forEach(System.out::println);
      if (json != null) {
        results.write(json);
      }
    }
    return 0;
  }

  private Map<String, String> environment(Backend backend) {
    Map<String, String> facts = Environment.describe(backend, threads);
    facts.put("precision", precision.id());
    for (String engine : engines) {
      if (!engine.equals(OurNet.FP32)) {
        facts.put(
            engine, engine.equals(OrtNet.ENGINE) ? OrtNet.version() : DjlNet.version(threads));
      }
    }
    return facts;
  }

  private void compare(Backend backend, Network net, Results results) throws IOException {
    Graph graph = net.graph(SIDE, SIDE, CLASSES);
    TensorSource weights = new RandomWeights(net.parameters(CLASSES), 1);
    List<PeerNet> peers = new ArrayList<>();
    try {
      for (String engine : engines) {
        peers.add(open(engine, backend, graph, weights));
      }
      OurNet own = new OurNet(OurNet.ENGINE, backend, backend.load(graph, weights, precision));
      peers.add(own); // the last: the one that the others are compared with
      List<ForwardTime> ours = new ArrayList<>();
      for (int batch : batches) {
        List<ForwardTime> times = compare(net, peers, batch);
        times.forEach(time -> System.err.println(time));
        results.forward().addAll(times);
        ours.add(times.get(times.size() - 1));
      }
      int best =
          ours.stream()
              .min(Comparator.comparingDouble(ForwardTime::milliseconds))
              .orElseThrow()
              .batch();
      results.masks().add(mask(backend, own.model(), net, best));
    } finally {
      peers.forEach(PeerNet::close);
    }
  }

  /** Of logits, relative to the largest. */
  private double tolerance() {
    return precision == Precision.FP32 ? TOLERANCE : BFLOAT16_TOLERANCE;
  }

  private PeerNet open(String engine, Backend backend, Graph graph, TensorSource weights)
      throws IOException {
    return switch (engine) {
      case OrtNet.ENGINE -> OrtNet.open(graph, weights, threads);
      case OurNet.FP32 -> new OurNet(engine, backend, backend.load(graph, weights, Precision.FP32));
      case DjlNet.ENGINE -> DjlNet.open(graph, weights, false);
      case DjlNet.CHANNELS_LAST -> DjlNet.open(graph, weights, true);
      default -> throw new IllegalArgumentException("no engine \"" + engine + "\"");
    };
  }

  private List<ForwardTime> compare(Network net, List<PeerNet> peers, int batch) {
    float[] input = pictures(batch);
    int repeats = (TURN_PICTURES + batch - 1) / batch;
    List<Forward> forwards = new ArrayList<>();
    try {
      peers.forEach(peer -> forwards.add(peer.forward(batch, input)));
      float[] expected = forwards.get(forwards.size() - 1).logits();
      List<Double> errors = new ArrayList<>();
      List<Runnable> tasks = new ArrayList<>();
      for (int i = 0; i < forwards.size(); i++) {
        errors.add(error(net, peers.get(i), expected, forwards.get(i).logits()));
        Forward forward = forwards.get(i);
        tasks.add(() -> IntStream.range(0, repeats).forEach(run -> forward.run()));
      }
      List<Turns> turns = Turns.take(seconds, tasks);
      List<ForwardTime> times = new ArrayList<>();
      for (int i = 0; i < turns.size(); i++) {
        Turns turn = turns.get(i);
        times.add(
            new ForwardTime(
                net.id(),
                peers.get(i).engine(),
                "cpu",
                batch,
                turn.milliseconds() / (batch * repeats),
                turn.rounds(),
                turn.ratio(),
                turn.cpuRatio(),
                errors.get(i)));
      }
      return times;
    } finally {
      forwards.forEach(Forward::close);
    }
  }

  private MaskTime mask(Backend backend, Backend.Model model, Network net, int batch) {
    List<Turns> turns = MaskCost.measure(backend, model, net.defaultLayer(), batch, seconds);
    Turns mask = turns.get(0);
    return new MaskTime(
        net.id(),
        batch,
        mask.milliseconds() / MaskCost.turn(batch),
        turns.get(1).milliseconds() / MaskCost.turn(batch),
        mask.ratio(),
        mask.cpuRatio());
  }

  private static float[] pictures(int batch) {
    float[] values = new float[batch * 3 * SIDE * SIDE];
    RandomWeights.fill(values, new SplittableRandom(batch), 0, 2);
    return values;
  }

  /** Timing engines that compute different things would be worth nothing. */
  private double error(Network net, PeerNet peer, float[] expected, float[] actual) {
    if (expected.length != actual.length) {
      throw new IllegalStateException(
          "%s: %s gives %d logits, ours %d"
              .formatted(net.id(), peer.engine(), actual.length, expected.length));
    }
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs((double) expected[i] - actual[i]));
    }
    if (!(difference <= tolerance() * largest) || largest == 0) {
      throw new IllegalStateException(
          "%s: logits of %s differ from ours by %s of %s"
              .formatted(net.id(), peer.engine(), difference, largest));
    }
    return difference / largest;
  }
}
