package io.sscam.evaluate;

import io.sscam.Classifier;
import io.sscam.Explainer;
import io.sscam.Explanation;
import io.sscam.NonFiniteException;
import io.sscam.Scorer;
import io.sscam.Target;
import io.sscam.data.LabelMap;
import io.sscam.data.LabelledBox;
import io.sscam.data.Sample;
import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.metrics.BoxCoverage;
import io.sscam.metrics.Correlation;
import io.sscam.metrics.FixedMaps;
import io.sscam.metrics.Masking;
import io.sscam.metrics.PerturbationCurve;
import io.sscam.nets.Box;
import io.sscam.nets.Geometry;
import io.sscam.nets.Preprocess;
import io.sscam.nets.RgbImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Explains pictures with all variants and measures the maps. All variants share one explainer's
 * nets. Used by one thread at a time; close it when done.
 */
public final class Evaluator implements AutoCloseable {
  private static final int SCORED_AT_ONCE = 32;

  private final Classifier classifier;
  private final LabelMap labels;
  private final TargetRule rule;
  private final Set<Metric> metrics;
  private final Explainer explainer;
  private final Scorer scorer;
  private final Map<Variant, Optional<Explainer>> explainers = new LinkedHashMap<>();

  /**
   * Opens what is needed on the classifier's device.
   *
   * @param explainer that of any of the methods, on the wanted layer; closed with this
   */
  public Evaluator(
      Classifier classifier,
      Explainer explainer,
      List<Plan> plans,
      LabelMap labels,
      TargetRule rule,
      Set<Metric> metrics) {
    this.classifier = classifier;
    this.explainer = explainer;
    this.labels = labels;
    this.rule = rule;
    this.metrics = Set.copyOf(metrics);
    for (Plan plan : plans) {
      explainers.put(plan.variant(), plan.method().map(explainer::with));
    }
    this.scorer = classifier.scorer(SCORED_AT_ONCE);
  }

  /** A map with what is known of its making. */
  private record Made(
      HostTensor map,
      HostTensor heatmap,
      double effectiveChannels,
      boolean blank,
      long seed,
      double seconds,
      long forwardPasses) {}

  /** A picture and what is asked of it. */
  private record Question(
      HostTensor input,
      int classIndex,
      boolean correct,
      double probability,
      Optional<BoxCoverage> boxes) {}

  /**
   * One outcome a variant, in the variants' order.
   *
   * @param number of the picture in the whole run, of which its seed is made
   * @throws Unusable if it cannot be explained
   */
  public List<Outcome> evaluate(Sample sample, RgbImage image, int number) throws Unusable {
    try {
      return outcomes(sample, image, number);
    } catch (NonFiniteException e) {
      throw new Unusable(String.valueOf(e.getMessage()));
    }
  }

  private List<Outcome> outcomes(Sample sample, RgbImage image, int number) throws Unusable {
    Question question = ask(sample, image);
    List<Made> made = new ArrayList<>();
    for (Map.Entry<Variant, Optional<Explainer>> entry : explainers.entrySet()) {
      long seed = Explainer.seed(entry.getKey().seed(), number);
      made.add(make(entry.getKey(), entry.getValue(), question, seed));
    }
    double[] explained = explained(question, made);
    List<Outcome> outcomes = new ArrayList<>();
    for (Map.Entry<Variant, Optional<Explainer>> entry : explainers.entrySet()) {
      int i = outcomes.size();
      outcomes.add(
          outcome(sample, entry.getKey(), entry.getValue(), question, made.get(i), explained[i]));
    }
    return outcomes;
  }

  private Question ask(Sample sample, RgbImage image) throws Unusable {
    Preprocess.Result input = classifier.preprocess(image);
    float[] logits = scorer.logits(input.tensor().data(), 1);
    Set<Integer> own = new TreeSet<>();
    sample.labels().forEach(label -> own.addAll(labels.classes(label)));
    int top = best(logits, IntStream.range(0, logits.length).boxed().toList());
    if (rule == TargetRule.LABEL && own.isEmpty()) {
      throw new Unusable("none of its labels is a class of the net (a label map joins them)");
    }
    int target = rule == TargetRule.TOP ? top : best(logits, List.copyOf(own));
    double probability = Scorer.probability(logits, target);
    return new Question(
        input.tensor(), target, own.contains(top), probability, boxes(sample, target, input));
  }

  private static int best(float[] logits, List<Integer> classes) {
    return classes.stream()
        .max(Comparator.comparingDouble((Integer c) -> logits[c]).thenComparing(c -> -c))
        .orElseThrow();
  }

  /** The boxes of the class, as far as the input shows them. */
  private Optional<BoxCoverage> boxes(Sample sample, int target, Preprocess.Result input) {
    if (!metrics.contains(Metric.POINTING)) {
      return Optional.empty();
    }
    Geometry geometry = input.geometry();
    List<Box> boxes =
        sample.boxes().stream()
            .filter(box -> labels.classes(box.name()).contains(target))
            .map(LabelledBox::box)
            .map(geometry::toInputClipped)
            .filter(box -> box.area() > 0)
            .toList();
    return boxes.isEmpty()
        ? Optional.empty()
        : Optional.of(BoxCoverage.of(boxes, geometry.inputHeight(), geometry.inputWidth()));
  }

  private Made make(Variant variant, Optional<Explainer> explainer, Question question, long seed) {
    if (explainer.isEmpty()) {
      return fixed(variant.method());
    }
    Target target = new Target.Index(question.classIndex);
    Explanation explanation = explainer.get().explain(question.input, List.of(target), seed).get(0);
    return new Made(
        explanation.map(),
        explanation.heatmap(),
        explanation.effectiveChannels(),
        explanation.blank(),
        seed,
        explanation.timings().totalSeconds(),
        explanation.timings().forwardPasses());
  }

  private Made fixed(String method) {
    Shape input = classifier.inputShape();
    boolean uniform = method.equals(Plan.UNIFORM);
    HostTensor heatmap =
        uniform
            ? FixedMaps.uniform(input.dim(1), input.dim(2))
            : FixedMaps.centredGaussian(input.dim(1), input.dim(2));
    HostTensor map = uniform ? FixedMaps.uniform(1, 1) : FixedMaps.centredGaussian(14, 14);
    return new Made(map, heatmap, 0, false, 0, 0, 0);
  }

  /** O of all variants. */
  private double[] explained(Question question, List<Made> made) {
    int each = question.input.data().length;
    double[] all = new double[made.size()];
    for (int first = 0; first < all.length; first += scorer.batch()) {
      int count = Math.min(scorer.batch(), all.length - first);
      float[] inputs = new float[count * each];
      for (int i = 0; i < count; i++) {
        HostTensor masked = Masking.explained(question.input, made.get(first + i).heatmap);
        System.arraycopy(masked.data(), 0, inputs, i * each, each);
      }
      double[] scores = scorer.probabilities(inputs, count, question.classIndex);
      System.arraycopy(scores, 0, all, first, count);
    }
    return all;
  }

  private Outcome outcome(
      Sample sample,
      Variant variant,
      Optional<Explainer> explainer,
      Question question,
      Made made,
      double explained) {
    return new Outcome(
        sample.id(),
        variant.id(),
        question.classIndex,
        classifier.className(question.classIndex),
        question.correct,
        question.probability,
        explained,
        question.boxes.map(b -> finite(b.pointing(made.heatmap))).orElse(OptionalDouble.empty()),
        question.boxes.map(b -> OptionalDouble.of(b.area())).orElse(OptionalDouble.empty()),
        curve(Metric.DELETION, question, made),
        curve(Metric.INSERTION, question, made),
        coherency(explainer, question, made),
        Math.min(1, Masking.complexity(made.heatmap)),
        made.effectiveChannels,
        made.blank,
        made.seed,
        made.map.shape().dim(0),
        made.map.shape().dim(1),
        made.map.data(),
        made.seconds,
        made.forwardPasses);
  }

  private static OptionalDouble finite(double value) {
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  private OptionalDouble curve(Metric metric, Question question, Made made) {
    if (!metrics.contains(metric)) {
      return OptionalDouble.empty();
    }
    PerturbationCurve curve =
        metric == Metric.DELETION
            ? PerturbationCurve.deletion(question.input, made.heatmap)
            : PerturbationCurve.insertion(question.input, made.heatmap);
    double[] probabilities =
        curve.probabilities(
            (inputs, count) -> scorer.probabilities(inputs, count, question.classIndex),
            scorer.batch());
    return OptionalDouble.of(PerturbationCurve.area(probabilities));
  }

  /**
   * (1 + ρ)/2, with ρ Pearson's correlation of the map and the map of the explained picture; 0
   * where one of them is constant, as in the authors' code.
   */
  private OptionalDouble coherency(Optional<Explainer> explainer, Question question, Made made) {
    if (!metrics.contains(Metric.ADCC)) {
      return OptionalDouble.empty();
    }
    if (explainer.isEmpty()) {
      return OptionalDouble.of(1); // the same map whatever the picture
    }
    HostTensor masked = Masking.explained(question.input, made.heatmap);
    Target target = new Target.Index(question.classIndex);
    HostTensor again = explainer.get().explain(masked, List.of(target), made.seed).get(0).heatmap();
    double rho = Correlation.pearson(doubles(made.heatmap), doubles(again));
    return OptionalDouble.of(Double.isNaN(rho) ? 0 : (1 + rho) / 2);
  }

  private static double[] doubles(HostTensor tensor) {
    float[] values = tensor.data();
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  @Override
  public void close() {
    scorer.close();
    explainer.close();
  }
}
