package io.sscam.evaluate;

import io.sscam.Classifier;
import io.sscam.Explainer;
import io.sscam.Explanation;
import io.sscam.Method;
import io.sscam.ProgressListener;
import io.sscam.Target;
import io.sscam.engine.HostTensor;
import io.sscam.metrics.Bootstrap;
import io.sscam.metrics.Correlation;
import io.sscam.metrics.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The cascading model randomisation test (Adebayo et al., arXiv 1810.03292): maps of the trained
 * net against maps of nets of which more and more layers, from the end, were replaced by chance. Of
 * a method that shows what the net has learned, little of the map is left.
 */
public final class Randomisation {
  private final Classifier classifier;
  private final String layer;
  private final List<Method> methods;
  private final long seed;

  /**
   * A test.
   *
   * @param layer the target layer
   * @param seed of the random weights and of the noise
   */
  public Randomisation(Classifier classifier, String layer, List<Method> methods, long seed) {
    this.classifier = classifier;
    this.layer = layer;
    this.methods = List.copyOf(methods);
    this.seed = seed;
  }

  /**
   * How alike the maps still are.
   *
   * @param randomised layers that were replaced
   * @param first the name of the first of them
   * @param method whose maps
   * @param spearman mean rank correlation of the maps (h, w) over the pictures; empty where every
   *     map of the random net is constant
   * @param constant pictures whose map of the random net is constant, which correlates with nothing
   */
  public record Row(
      int randomised, String first, Method method, Optional<Interval> spearman, int constant) {}

  /**
   * Runs the test.
   *
   * @param inputs pictures as the net sees them
   * @param counts numbers of layers to replace, each 1 or more
   * @param progress told after every picture of every net
   */
  public List<Row> run(List<HostTensor> inputs, List<Integer> counts, ProgressListener progress) {
    long total = (long) inputs.size() * (counts.size() + 1);
    List<Integer> classes = new ArrayList<>();
    Map<Method, List<float[]>> trained = maps(classifier, inputs, classes, progress, 0, total);
    List<String> names = classifier.weightedLayers();
    List<Row> rows = new ArrayList<>();
    for (int count : counts) {
      long done = (long) inputs.size() * (1 + counts.indexOf(count));
      try (Classifier random = classifier.randomised(count, seed)) {
        Map<Method, List<float[]>> maps = maps(random, inputs, classes, progress, done, total);
        String first = names.get(names.size() - count);
        methods.forEach(
            method ->
                rows.add(
                    row(
                        count,
                        first,
                        method,
                        trained.getOrDefault(method, List.of()),
                        maps.getOrDefault(method, List.of()))));
      }
    }
    return rows;
  }

  /**
   * The maps of all methods; {@code classes} is filled by the first net and kept for the others.
   */
  private Map<Method, List<float[]>> maps(
      Classifier net,
      List<HostTensor> inputs,
      List<Integer> classes,
      ProgressListener progress,
      long done,
      long total) {
    Map<Method, List<float[]>> maps = new LinkedHashMap<>();
    methods.forEach(method -> maps.put(method, new ArrayList<>()));
    try (Explainer shared = net.explainer().method(methods.get(0)).layer(layer).open()) {
      for (int i = 0; i < inputs.size(); i++) {
        for (Method method : methods) {
          Target target = i < classes.size() ? new Target.Index(classes.get(i)) : Target.top();
          Explanation explanation =
              shared.with(method).explain(inputs.get(i), List.of(target), seed).get(0);
          if (i == classes.size()) {
            classes.add(explanation.classIndex());
          }
          maps.computeIfAbsent(method, m -> new ArrayList<>()).add(explanation.map().data());
        }
        progress.onProgress(done + i + 1, total);
      }
    }
    return maps;
  }

  private static Row row(
      int count, String first, Method method, List<float[]> trained, List<float[]> random) {
    double[] correlations = new double[trained.size()];
    int n = 0;
    for (int i = 0; i < trained.size(); i++) {
      double rho = Correlation.spearman(trained.get(i), random.get(i));
      if (!Double.isNaN(rho)) {
        correlations[n++] = rho;
      }
    }
    Optional<Interval> mean =
        n == 0 ? Optional.empty() : Optional.of(Bootstrap.interval(Arrays.copyOf(correlations, n)));
    return new Row(count, first, method, mean, trained.size() - n);
  }

  /** Numbers of layers that show the fall: 1, 2, 4 … and all. */
  public static List<Integer> usualCounts(int layers) {
    List<Integer> counts = new ArrayList<>();
    for (int count = 1; count < layers; count *= 2) {
      counts.add(count);
    }
    counts.add(layers);
    return counts;
  }
}
