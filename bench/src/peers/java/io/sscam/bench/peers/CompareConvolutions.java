package io.sscam.bench.peers;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingDouble;

import io.sscam.engine.TensorSource;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.StepTime;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.onednn.Arithmetic;
import io.sscam.engine.onednn.NativeBuffer;
import io.sscam.engine.onednn.NetPlan;
import io.sscam.engine.onednn.OnednnLibrary;
import io.sscam.engine.onednn.PackedWeights;
import io.sscam.engine.onednn.PlanSpec;
import io.sscam.nets.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Each convolution that goes by Winograd's filtering beside oneDNN's plain one, on one thread, in
 * turns: what choosing by measurement would choose.
 */
@Command(name = "compare-convolutions", mixinStandardHelpOptions = true)
public final class CompareConvolutions implements Callable<Integer> {
  private static final int SIDE = 224;
  private static final int CLASSES = 1000;
  private static final int WARM_UP = 2;
  private static final String WINOGRAD = "conv winograd";

  @Option(names = "--nets", split = ",", description = "default: all three")
  private List<String> nets = List.of("resnet18", "vgg16", "squeezenet1_0");

  @Option(names = "--pictures", split = ",", description = "at once; default: 8, as in a batch")
  private List<Integer> pictures = List.of(8);

  @Option(names = "--rounds", description = "default: ${DEFAULT-VALUE}")
  private int rounds = 9;

  /** Runs the comparison and exits. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new CompareConvolutions()).execute(args));
  }

  @Override
  public Integer call() {
    OnednnLibrary.load();
    OnednnLibrary.useThreadsHere(1);
    MarkdownTable table =
        new MarkdownTable(
            2,
            List.of("net", "layer", "pictures", "plain, ms", "Winograd, ms", "plain ÷ Winograd"));
    for (String name : nets) {
      for (int count : pictures) {
        compare(Network.named(name), count, table);
      }
    }
    table.lines().forEach(System.out::println);
    return 0;
  }

  private void compare(Network net, int count, MarkdownTable table) {
    Graph graph = net.graph(SIDE, SIDE, CLASSES);
    TensorSource source = new RandomWeights(net.parameters(CLASSES), 1);
    AtomicLong bytes = new AtomicLong();
    int inputs = count * graph.input().elementsAsInt();
    try (PackedWeights weights = new PackedWeights(graph, source, Precision.FP32, bytes);
        NativeBuffer input = new NativeBuffer("input", 4L * inputs, bytes);
        NativeBuffer logits = new NativeBuffer("logits", 4L * count * CLASSES, bytes);
        NetPlan plain = NetPlan.compile(weights, count, spec(Arithmetic.PLAIN), bytes);
        NetPlan fast = NetPlan.compile(weights, count, spec(Arithmetic.WINOGRAD), bytes)) {
      float[] values = new float[inputs];
      RandomWeights.fill(values, new SplittableRandom(1), 0, 2);
      input.floats().put(values);
      Map<String, NetPlan.Place> places =
          Map.of(
              PlanSpec.INPUT, new NetPlan.Place(input, 0),
              PlanSpec.LOGITS, new NetPlan.Place(logits, 0));
      LayerTimes plainTimes = new LayerTimes();
      LayerTimes fastTimes = new LayerTimes();
      for (int round = 0; round < WARM_UP + rounds; round++) {
        plainTimes.add(plain.profile(places, count));
        fastTimes.add(fast.profile(places, count));
      }
      fast.description().stream()
          .filter(step -> step.contains(WINOGRAD))
          .map(step -> step.substring(0, step.indexOf(": ")))
          .distinct()
          .forEach(layer -> row(table, net, layer, count, plainTimes, fastTimes));
    }
  }

  private static void row(
      MarkdownTable table,
      Network net,
      String layer,
      int count,
      LayerTimes plainTimes,
      LayerTimes fastTimes) {
    double plain = plainTimes.median(layer);
    double fast = fastTimes.median(layer);
    table.add(
        List.of(
            net.id(),
            layer,
            Integer.toString(count),
            "%.2f".formatted(1e3 * plain),
            "%.2f".formatted(1e3 * fast),
            "%.2f".formatted(plain / fast)));
  }

  /** What each layer took in each round, all its steps together. */
  private static final class LayerTimes {
    private final List<Map<String, Double>> rounds = new ArrayList<>();

    void add(List<StepTime> steps) {
      rounds.add(
          steps.stream().collect(groupingBy(StepTime::layer, summingDouble(StepTime::seconds))));
    }

    double median(String layer) {
      double[] seconds =
          rounds.stream()
              .skip(WARM_UP)
              .mapToDouble(round -> round.getOrDefault(layer, Double.NaN))
              .sorted()
              .toArray();
      return seconds[seconds.length / 2];
    }
  }

  private static PlanSpec spec(Arithmetic arithmetic) {
    return new PlanSpec(Map.of(), arithmetic);
  }
}
