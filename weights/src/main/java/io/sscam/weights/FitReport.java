package io.sscam.weights;

import io.sscam.engine.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * How well a file fits a net.
 *
 * @param architecture the net
 * @param missing tensors the net needs and the file lacks, in the net's order
 * @param leftOver tensors the file has and the net does not know, in the file's order
 * @param wrongShapes tensors of that name with another shape
 * @param classes the number of classes the file's head has, if it has a head at all
 */
public record FitReport(
    String architecture,
    List<String> missing,
    List<String> leftOver,
    List<WrongShape> wrongShapes,
    OptionalInt classes) {

  /** A tensor whose extents are not those the net needs. */
  public record WrongShape(String name, Shape expected, Shape actual) {
    @Override
    public String toString() {
      return Text.clean(name) + " is " + actual + ", not " + expected;
    }
  }

  /** Keeps its own copies. */
  public FitReport {
    missing = List.copyOf(missing);
    leftOver = List.copyOf(leftOver);
    wrongShapes = List.copyOf(wrongShapes);
  }

  /** True when nothing is missing, left over or of another shape. */
  public boolean fits() {
    return missing.isEmpty() && leftOver.isEmpty() && wrongShapes.isEmpty();
  }

  /**
   * One line that lists the differences, the first eight of each sort; "fits" if there are none.
   */
  public String text() {
    List<String> parts = new ArrayList<>();
    if (!missing.isEmpty()) {
      parts.add(missing.size() + " missing (" + names(missing) + ")");
    }
    if (!leftOver.isEmpty()) {
      parts.add(leftOver.size() + " left over (" + names(leftOver) + ")");
    }
    if (!wrongShapes.isEmpty()) {
      parts.add(
          wrongShapes.size()
              + " of another shape ("
              + Text.list(wrongShapes.stream().map(WrongShape::toString).toList())
              + ")");
    }
    return parts.isEmpty() ? "fits" : String.join(", ", parts);
  }

  private static String names(List<String> names) {
    return Text.list(names.stream().map(Text::clean).toList());
  }
}
