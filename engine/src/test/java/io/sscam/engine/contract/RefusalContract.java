package io.sscam.engine.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.graph.Graph;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong is refused by name, and nothing half-built stays behind. */
abstract class RefusalContract extends Bench {
  private final Graph graph = NetCases.everything(33, 47);
  private final Weights weights = Weights.of(graph);

  RefusalContract(BackendContract contract) {
    super(contract);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"stem.weight", "bn.running_var", "block.b.bias", "fc1.weight", "fc2.bias"})
  void missingTensorIsNamed(String name) {
    assertLoadFails(weights.without(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }

  /** Also where the number of elements is right. */
  @ParameterizedTest
  @CsvSource({
    "stem.weight, 12x3x5x5",
    "stem.weight, 3x12x3x3",
    "stem.weight, 12x27",
    "e3.weight, 16x4x3x3",
    "e3.weight, 17x5x3x3",
    "e3.bias, 17",
    "e3.bias, 4x4",
    "bn.weight, 11",
    "bn.bias, 13",
    "bn.running_mean, 1",
    "wide.bn.running_var, 24",
    "fc1.weight, 24x143",
    "fc1.weight, 168x24",
    "fc2.weight, 10x24x1x1",
    "fc2.bias, 11"
  })
  void wrongShapeIsNamed(String name, String shape) {
    int[] dims = List.of(shape.split("x", -1)).stream().mapToInt(Integer::parseInt).toArray();
    assertLoadFails(weights.with(name, HostTensor.zeros(Shape.of(dims))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }

  /** Weights may be read when loading or when the first executable is compiled. */
  private AbstractThrowableAssert<?, ? extends Throwable> assertLoadFails(Weights source) {
    return assertThatThrownBy(
        () -> {
          try (Backend.Model model = backend.load(graph, source, Precision.FP32);
              Executable net = session.compile(model, 1, Set.of())) {
            net.run(1);
          }
        });
  }

  @Test
  void unknownLabelListsTheKnownOnes() {
    try (Backend.Model model = load()) {
      assertThatThrownBy(() -> session.compile(model, 1, Set.of("stem", "layer9")).close())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("layer9")
          .hasMessageContaining("stem")
          .hasMessageContaining("joined");
    }
  }

  @Test
  void labelThatWasNotKeptIsRefused() {
    try (Backend.Model model = load();
        Executable net = session.compile(model, 1, Set.of("stem"))) {
      for (String label : List.of("fire", "layer9")) {
        assertThatThrownBy(() -> net.kept(label))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(label);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 4})
  void countsOutsideTheBatchAreRefused(int count) {
    try (Backend.Model model = load();
        Executable net = session.compile(model, 3, Set.of())) {
      assertThatThrownBy(() -> net.run(count)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0})
  void batchesThatHoldNothingAreRefused(int batch) {
    try (Backend.Model model = load()) {
      assertThatThrownBy(() -> session.compile(model, batch, Set.of()).close())
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void closedExecutableIsRefused() {
    try (Backend.Model model = load()) {
      Executable net = session.compile(model, 1, Set.of("fire"));
      List<Tensor> tensors = List.of(net.input(), net.logits(), net.kept("fire"));
      net.close();
      net.close();
      assertThatThrownBy(() -> net.run(1)).isInstanceOf(IllegalStateException.class);
      for (Tensor tensor : tensors) {
        assertThatThrownBy(() -> session.download(tensor, new float[1]))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining(tensor.name());
      }
    }
  }

  @Test
  void closedModelIsRefused() {
    Backend.Model model = load();
    model.close();
    model.close();
    assertThatThrownBy(() -> session.compile(model, 1, Set.of()).close())
        .isInstanceOf(IllegalStateException.class);
  }

  private Backend.Model load() {
    return backend.load(graph, weights, Precision.FP32);
  }
}
