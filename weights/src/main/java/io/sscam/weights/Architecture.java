package io.sscam.weights;

import io.sscam.engine.Shape;
import io.sscam.engine.TensorSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The tensors that a net needs, to be held against what a file offers.
 *
 * @param name the net, as in {@code resnet18}
 * @param expected every tensor by name, with the shape it has for some number of classes
 * @param head the tensors whose first extent is the number of classes, which is free; all of them
 *     must agree on it
 */
public record Architecture(String name, Map<String, Shape> expected, Set<String> head) {

  /**
   * Keeps its own copies, in order.
   *
   * @throws IllegalArgumentException if a tensor of the head is not among the expected ones
   */
  public Architecture {
    expected = Collections.unmodifiableMap(new LinkedHashMap<>(expected));
    head = Set.copyOf(head);
    if (!expected.keySet().containsAll(head)) {
      throw new IllegalArgumentException("head " + head + " of " + name + " is not expected");
    }
  }

  /** Compares without reading any element. Step counters of batch norms may be there or not. */
  public FitReport fit(TensorSource actual) {
    List<String> missing = new ArrayList<>();
    List<FitReport.WrongShape> wrong = new ArrayList<>();
    OptionalInt classes = OptionalInt.empty();
    for (Map.Entry<String, Shape> entry : expected.entrySet()) {
      String tensor = entry.getKey();
      if (!actual.names().contains(tensor)) {
        missing.add(tensor);
        continue;
      }
      Shape found = actual.shape(tensor);
      Shape wanted = entry.getValue();
      if (head.contains(tensor) && found.rank() > 0 && found.dim(0) > 0) {
        // The first of the head says how many classes there are, the others must say the same.
        classes = classes.isPresent() ? classes : OptionalInt.of(found.dim(0));
        wanted = withFirst(wanted, classes.getAsInt());
      }
      if (!found.equals(wanted)) {
        wrong.add(new FitReport.WrongShape(tensor, wanted, found));
      }
    }
    List<String> leftOver = new ArrayList<>();
    for (String tensor : actual.names()) {
      if (!expected.containsKey(tensor) && !KeyNames.isStepCounter(tensor)) {
        leftOver.add(tensor);
      }
    }
    return new FitReport(name, missing, leftOver, wrong, classes);
  }

  /**
   * As {@link #fit}, for a file that has to fit.
   *
   * @throws WeightsException if it does not, with a list of what is missing, left over or of
   *     another shape
   */
  public FitReport requireFit(WeightFile file) {
    return requireFit(file, file.file());
  }

  /**
   * As {@link #requireFit(WeightFile)}.
   *
   * @param file what the message calls the source
   */
  public FitReport requireFit(TensorSource actual, String file) {
    FitReport report = fit(actual);
    if (!report.fits()) {
      throw new WeightsException(
          file,
          "does not fit " + name + ": " + report.text(),
          "name the net these weights belong to, or other weights");
    }
    return report;
  }

  private static Shape withFirst(Shape shape, int first) {
    int[] dims = shape.toArray();
    dims[0] = first;
    return Shape.of(dims);
  }
}
