package io.sscam.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.TensorSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final Architecture NET =
      new Architecture("tiny", shapes(10), Set.of("fc.weight", "fc.bias"));

  private static Map<String, Shape> shapes(int classes) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    shapes.put("conv.weight", Shape.of(4, 3, 3, 3));
    shapes.put("fc.weight", Shape.of(classes, 4));
    shapes.put("fc.bias", Shape.of(classes));
    return shapes;
  }

  private record Shapes(Map<String, Shape> shapes) implements TensorSource {
    @Override
    public Set<String> names() {
      return shapes.keySet();
    }

    @Override
    public Shape shape(String name) {
      return shapes.getOrDefault(name, Shape.of());
    }

    @Override
    public HostTensor read(String name) {
      throw new AssertionError("a fit needs no elements");
    }
  }

  private static FitReport fit(Map<String, Shape> shapes) {
    return NET.fit(new Shapes(shapes));
  }

  @Test
  void theSameTensorsFit() {
    assertThat(fit(shapes(10)).fits()).isTrue();
    assertThat(fit(shapes(10)).text()).isEqualTo("fits");
  }

  @Test
  void theNumberOfClassesIsFree() {
    FitReport report = fit(shapes(3));
    assertThat(report.fits()).isTrue();
    assertThat(report.classes()).isEqualTo(OptionalInt.of(3));
  }

  @Test
  void theHeadMustAgreeWithItself() {
    Map<String, Shape> shapes = shapes(3);
    shapes.put("fc.bias", Shape.of(4));
    assertThat(fit(shapes).text()).isEqualTo("1 of another shape (fc.bias is 4, not 3)");
    shapes.put("fc.bias", Shape.of());
    assertThat(fit(shapes).fits()).isFalse();
    shapes = shapes(0);
    assertThat(fit(shapes).fits()).isFalse();
  }

  @Test
  void onlyTheFirstExtentOfTheHeadIsFree() {
    Map<String, Shape> shapes = shapes(10);
    shapes.put("fc.weight", Shape.of(10, 5));
    shapes.put("conv.weight", Shape.of(5, 3, 3, 3));
    assertThat(fit(shapes).text())
        .isEqualTo(
            "2 of another shape (conv.weight is 5×3×3×3, not 4×3×3×3, fc.weight is 10×5, not"
                + " 10×4)");
  }

  @Test
  void missingAndLeftOverTensorsAreListed() {
    Map<String, Shape> shapes = shapes(10);
    shapes.remove("conv.weight");
    for (int i = 0; i < 11; i++) {
      shapes.put("x" + i, Shape.of(1));
    }
    shapes.put("bn.num_batches_tracked", Shape.of());
    assertThat(fit(shapes).text())
        .isEqualTo(
            "1 missing (conv.weight), 11 left over (x0, x1, x2, x3, x4, x5, x6, x7 and 3 more)");
  }

  @Test
  void aFileThatMustFitSaysWhyNot() {
    Map<String, Shape> shapes = shapes(10);
    shapes.remove("fc.bias");
    assertThatThrownBy(() -> NET.requireFit(new Shapes(shapes), "w.pth"))
        .isInstanceOf(WeightsException.class)
        .hasMessageStartingWith("w.pth: does not fit tiny: 1 missing (fc.bias); ");
    assertThat(NET.requireFit(new Shapes(shapes(7)), "w.pth").classes()).hasValue(7);
  }

  @Test
  void theHeadMustBeExpected() {
    assertThatThrownBy(() -> new Architecture("n", Map.of(), Set.of("fc.bias")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void numbersThatAreNoneAreNamed() {
    HostTensor sound = new HostTensor(Shape.of(2), new float[] {1, Float.MAX_VALUE});
    assertThat(TensorChecks.requireFinite("w", sound, "f")).isSameAs(sound);
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      HostTensor tensor = new HostTensor(Shape.of(2), new float[] {1, bad});
      assertThatThrownBy(() -> TensorChecks.requireFinite("w", tensor, "f"))
          .isInstanceOf(WeightsException.class)
          .hasMessageStartingWith("f: tensor \"w\" holds " + bad + " at element 1; ");
    }
  }
}
