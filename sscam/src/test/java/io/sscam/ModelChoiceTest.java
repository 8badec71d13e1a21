package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Backends;
import io.sscam.nets.ClassNames;
import io.sscam.nets.Network;
import io.sscam.weights.DType;
import io.sscam.weights.SafetensorsWriter;
import io.sscam.weights.WeightsException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a program names its model. */
class ModelChoiceTest {
  @TempDir private Path temp;

  @ParameterizedTest
  @ValueSource(strings = {"resnet18", "squeezenet1_0"})
  void theNetFollowsFromTheFile(String id) throws IOException {
    Path file = write(id, Network.named(id).parameters(3));
    try (Classifier classifier = Classifier.builder().weights(file).inputSize(32, 32).open()) {
      assertThat(classifier.network().id()).isEqualTo(id);
      assertThat(classifier.classes()).isEqualTo(3);
    }
    assertThatThrownBy(() -> Classifier.builder().weights(file).network("vgg16").open())
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("vgg16");
  }

  @Test
  void aFileOfAnotherNetIsComparedWithTheNearest() throws IOException {
    Map<String, Shape> names = new LinkedHashMap<>(Network.named("squeezenet1_0").parameters(3));
    names.remove("features.3.squeeze.bias");
    Path file = write("almost", names);
    assertThatThrownBy(() -> Classifier.builder().weights(file).open())
        .isInstanceOf(WeightsException.class)
        .hasMessageContainingAll("squeezenet1_0", "features.3.squeeze.bias");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0})
  void aHeadWithoutClassesDoesNotFit(int classes) throws IOException {
    Network net = Network.named("squeezenet1_0");
    Map<String, Shape> names = new LinkedHashMap<>(net.parameters(3));
    names.put(net.headWeight(), classes < 0 ? Shape.of() : Shape.of(classes, 512, 1, 1));
    Path file = write("headless", names);
    assertThatThrownBy(() -> Classifier.builder().weights(file).open())
        .isInstanceOf(WeightsException.class)
        .hasMessageContainingAll(file.toString(), net.headWeight());
  }

  @Test
  void namesAreCheckedBeforeWeightsTakeADevicesMemory() throws IOException {
    Path file = write("squeezenet1_0", Network.named("squeezenet1_0").parameters(3));
    Backend device =
        (Backend)
            Proxy.newProxyInstance(
                Backend.class.getClassLoader(),
                new Class<?>[] {Backend.class},
                (proxy, method, args) -> {
                  throw new AssertionError(method.getName() + " was called");
                });
    ClassNames two = ClassNames.of(List.of("ant", "bee"));
    assertThatThrownBy(
            () -> Classifier.builder().backend(device).weights(file).classNames(two).open())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 lines, but the net has 3 classes");
  }

  @Test
  void aFileOfNoNetIsRefused() throws IOException {
    Path file = write("other", Map.of("conv1.kernel", Shape.of(3, 3)));
    assertThatThrownBy(() -> Classifier.builder().weights(file).open())
        .isInstanceOf(WeightsException.class)
        .hasMessageContainingAll("has no parameter of any of the nets resnet18, vgg16");
  }

  @Test
  void anInterruptWhileOpeningIsNamed() throws IOException {
    Path file = write("squeezenet1_0", Network.named("squeezenet1_0").parameters(3));
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Classifier.builder().weights(file).open())
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("the thread was interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void namesAndNetsAreRefusedAsTheyAreWritten() {
    assertThatThrownBy(() -> Classifier.builder().network("resnet50"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("resnet50", "resnet18");
  }

  @Test
  void camNamesTheLayerWhereItWorks() {
    TinyNet net = new TinyNet(1);
    try (Backend cpu = Backends.open("cpu", 1);
        Classifier classifier = net.classifier(cpu);
        Explainer explainer = classifier.explainer().method(Method.cam()).layer("stem").open()) {
      assertThatThrownBy(() -> explainer.explain(TinyNet.picture(1), List.of(Target.top()), 1))
          .hasMessageContainingAll("stem", "use layer layer4, score-cam");
    }
  }

  @Test
  void methodsAndTargetsHaveShortNames() {
    assertThat(Method.gradCam()).isEqualTo(Method.named("grad-cam"));
    assertThat(Method.gradCamPlusPlus()).isEqualTo(Method.named("grad-cam++"));
    assertThat(Method.ssCam("Author", s -> s.withSamples(3)))
        .isEqualTo(new Method.SsCam("author", Scoring.preset("author").withSamples(3)));
    assertThat(Method.scoreCam(s -> s.withTopChannels(9)))
        .isEqualTo(new Method.ScoreCam(Scoring.scoreCam().withTopChannels(9)));
    assertThat(Target.index(5)).isEqualTo(Target.parse("5"));
    assertThat(Target.named("5")).isEqualTo(new Target.Named("5"));
    assertThat(Target.ranked(2)).isEqualTo(Target.parse("#2"));
  }

  private Path write(String name, Map<String, Shape> shapes) throws IOException {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    shapes.forEach((tensor, shape) -> tensors.put(tensor, HostTensor.zeros(shape)));
    Path file = temp.resolve(name + ".safetensors");
    SafetensorsWriter.write(file, tensors, Map.of(), DType.F32);
    return file;
  }
}
