package io.sscam.bench.peers;

import io.sscam.Classifier;
import io.sscam.Explainer;
import io.sscam.Explanation;
import io.sscam.Method;
import io.sscam.Scoring;
import io.sscam.Target;
import io.sscam.bench.peers.Results.ExplanationTime;
import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Backends;
import io.sscam.engine.backend.Precision;
import io.sscam.nets.Network;
import java.io.IOException;
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
 * Our whole explanations in the way of torch-cam (its SS-CAM and its Score-CAM), to be put beside
 * what bench/peers/torch_cam.py measures on the same weights.
 */
@Command(name = "time-explanation", mixinStandardHelpOptions = true)
public final class TimeExplanation implements Callable<Integer> {
  private static final int SIDE = 224;

  @Option(names = "--net", required = true, description = "resnet18, vgg16 or squeezenet1_0")
  private String net = "";

  @Option(names = "--weights", required = true, description = "a weight file of that net")
  private Path weights = Path.of("");

  @Option(names = "--device", description = "default: ${DEFAULT-VALUE}")
  private String device = "cpu";

  @Option(names = "--threads", description = "default: ${DEFAULT-VALUE}")
  private int threads = 2;

  @Option(names = "--precision", description = "default: ${DEFAULT-VALUE}")
  private Precision precision = Precision.FP32;

  @Option(names = "--samples", description = "N of SS-CAM; default: ${DEFAULT-VALUE}")
  private int samples = 4;

  @Option(names = "--repeats", description = "default: ${DEFAULT-VALUE}")
  private int repeats = 3;

  @Option(names = "--json", description = "a file for the figures")
  private @Nullable Path json;

  /** Measures and exits. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new TimeExplanation())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(args));
  }

  @Override
  public Integer call() throws IOException {
    try (Backend backend = Backends.open(device, threads);
        Classifier classifier =
            Classifier.builder()
                .backend(backend)
                .precision(precision)
                .network(Network.named(net))
                .weights(weights)
                .inputSize(SIDE, SIDE)
                .open()) {
      Scoring smoothed = Scoring.preset("torch-cam").withSamples(samples);
      List<ExplanationTime> times =
          List.of(
              time(classifier, "SS-CAM", new Method.SsCam("torch-cam", smoothed), samples),
              time(classifier, "Score-CAM", new Method.ScoreCam(Scoring.scoreCam()), 1));
      Results results =
          new Results(
              Results.SCHEMA,
              "TimeExplanation",
              Environment.describe(backend, threads),
              List.of(),
              List.of(),
              times);
      Tables.of(List.of(results)).forEach(System.out::println);
      if (json != null) {
        results.write(json);
      }
    }
    return 0;
  }

  private ExplanationTime time(Classifier classifier, String name, Method method, int n) {
    Shape shape = classifier.inputShape().withBatch(1);
    float[] picture = new float[shape.elementsAsInt()];
    RandomWeights.fill(picture, new SplittableRandom(1), 0, 2);
    HostTensor input = new HostTensor(shape, picture);
    try (Explainer explainer = classifier.explainer(method)) {
      List<Double> seconds = new ArrayList<>();
      Explanation explanation = null;
      for (int repeat = -1; repeat < repeats || explanation == null; repeat++) {
        explanation = explainer.explain(input, List.of(Target.top()), 1).get(0);
        if (repeat >= 0) { // the first warms up
          seconds.add(explanation.timings().totalSeconds());
        }
      }
      seconds.sort(null);
      return new ExplanationTime(
          net,
          OurNet.ENGINE,
          name,
          device.equals("cpu") ? device : explanation.device().description(),
          explanation.precision().id(),
          n,
          explanation.batch(),
          explanation.timings().forwardPasses(),
          seconds.get(seconds.size() / 2),
          repeats);
    }
  }
}
