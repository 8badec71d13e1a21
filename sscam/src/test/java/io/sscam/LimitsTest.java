package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Backends;
import io.sscam.nets.Network;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pictures, weights, layers and classes at and beyond the limits. */
class LimitsTest {
  private static final Backend CPU = Backends.open("cpu", 2);
  private static final Target ANY = new Target.Index(1);
  private static final HostTensor PICTURE = TinyNet.picture(4);

  @AfterAll
  static void nothingIsLeft() {
    assertThat(CPU.liveBytes()).isZero();
    CPU.close();
  }

  private static Method few(String preset) {
    return new Method.SsCam(preset, Scoring.preset(preset).withSamples(3));
  }

  private static Explanation explain(TinyNet net, HostTensor picture, Method method) {
    try (Classifier classifier = net.classifier(CPU);
        Explainer explainer = classifier.explainer(method)) {
      return explainer.explain(picture, List.of(ANY), 3).get(0);
    }
  }

  @Test
  void oneLiveChannelIsTheMap() {
    TinyNet net = new TinyNet(6);
    float[] weight = net.read("conv2.weight").data();
    int each = weight.length / TinyNet.CHANNELS;
    int alive = 7;
    Arrays.fill(weight, 0, alive * each, 0);
    Arrays.fill(weight, (alive + 1) * each, weight.length, 0);
    Explanation only = explain(net, PICTURE, few("algorithm-1")); // softmax: its α is 1
    assertThat(only.liveChannels()).isOne();
    float[] expected = new float[TinyNet.CHANNELS];
    expected[alive] = 1;
    assertThat(only.alpha().data()).containsExactly(expected);
    assertThat(only.effectiveChannels()).isEqualTo(1);
    assertThat(only.blank()).isFalse();
    double[] a = net.layer("layer4", Close.doubles(PICTURE.data())).values()[alive];
    Close.ofRange("map", only.map().data(), a, 1e-4);
    assertThat(only.heatmap().data()).contains(0f, 1f);
    for (int e = 0; e < only.scores().data().length; e++) {
      assertThat(Float.isNaN(only.scores().data()[e])).isEqualTo(e / 3 != alive);
    }
  }

  @Test
  void nothingIsNoisyWhereThePerturbedTensorHasNoRange() {
    HostTensor zeros = HostTensor.zeros(PICTURE.shape());
    Explanation still = explain(new TinyNet(6), zeros, few("default"));
    assertThat(still.liveChannels()).isPositive(); // at the padded edges
    for (float score : still.scores().data()) { // T_k = 0 and τ = 0: x_ki is the baseline
      assertThat(Float.isNaN(score) || Math.abs(score - still.baselineScore()) <= 1e-7).isTrue();
    }
    Method absolute =
        new Method.SsCam(
            "test",
            Scoring.preset("default").withSamples(3).withSigmaRule(Scoring.SigmaRule.ABSOLUTE));
    float[] scores = explain(new TinyNet(6), zeros, absolute).scores().data();
    assertThat(scores[0]).isNotEqualTo(scores[1]); // τ = σ: noise alone
  }

  @ParameterizedTest
  @CsvSource({
    // no NaN before a ReLU: oneDNN's makes 0 of it, so ClassifierBuilder refuses such weights
    "conv2.bias, 2, Infinity, layer layer4",
    "conv2.bias, 2, 3e38, the logits", // the layer is finite, its mean over 96 cells is not
    "fc.weight, 3, NaN, the logits",
    "fc.bias, 4, Infinity, the logits"
  })
  void brokenWeightsAreNamed(String tensor, int element, float value, String where) {
    TinyNet net = new TinyNet(6);
    net.read(tensor).data()[element] = value;
    for (Method method : List.of(few("default"), few("literal"), Method.cam())) {
      assertThatThrownBy(() -> explain(net, PICTURE, method))
          .isInstanceOf(NonFiniteException.class)
          .hasMessageStartingWith("NaN or infinity in " + where);
    }
  }

  @ParameterizedTest
  @CsvSource({"NaN", "Infinity", "-Infinity"})
  void brokenInputIsNamed(float value) {
    HostTensor broken = PICTURE.copy();
    broken.data()[broken.data().length - 1] = value;
    assertThatThrownBy(() -> explain(new TinyNet(6), broken, few("default")))
        .isInstanceOf(NonFiniteException.class)
        .hasMessageContaining("the input");
  }

  @Test
  void inputsOfAnotherShapeAreRefused() {
    int[][] wrong = {{1, 3, 28, 20}, {1, 20, 28, 3}, {1, 3, 20, 27}, {1680}, {2, 3, 20, 28}};
    for (int[] dims : wrong) {
      HostTensor input = HostTensor.zeros(Shape.of(dims));
      assertThatThrownBy(() -> explain(new TinyNet(6), input, few("default")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("3×20×28")
          .hasMessageContaining(input.shape().toString());
    }
    HostTensor unbatched = new HostTensor(Shape.of(3, 20, 28), PICTURE.data());
    Explanation same = explain(new TinyNet(6), unbatched, few("default"));
    Close.bits("map", same.map(), explain(new TinyNet(6), PICTURE, few("default")).map());
  }

  @Test
  void layersThatCannotBeExplainedAreRefused() {
    try (Classifier classifier = new TinyNet(6).classifier(CPU)) {
      assertThat(classifier.layers()).containsExactly("stem", "layer4");
      assertThatThrownBy(() -> classifier.explainer().layer("layer5").open())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("layer5", "stem", "layer4");
      assertThatThrownBy(() -> classifier.explainer().layer("vector").open())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("vector");
      for (int batch : new int[] {0, -1, 65_537}) {
        assertThatThrownBy(() -> classifier.explainer().batch(batch).open())
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(Integer.toString(batch));
      }
    }
  }

  @Test
  void camNeedsTheLastLayerOfAGapNet() {
    try (Classifier gap = new TinyNet(6).classifier(CPU);
        Explainer early = gap.explainer().method(Method.cam()).layer("stem").open();
        Classifier vgg = new TinyNet(6).classifier(CPU, Network.named("vgg16"), "features.29");
        Explainer last = vgg.explainer(Method.cam())) {
      assertThatThrownBy(() -> early.explain(PICTURE, List.of(ANY), 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("resnet18", "stem", "score-cam");
      assertThatThrownBy(() -> last.explain(PICTURE, List.of(ANY), 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("vgg16", "features.29");
    }
  }

  /** Of a net that is not known to end in an average, the gradient: here the same row, scaled. */
  @Test
  void channelWeightsOfAnotherHeadAreItsGradient() {
    try (Classifier gap = new TinyNet(6).classifier(CPU);
        Explainer byRow = gap.explainer(few("literal"));
        Classifier vgg = new TinyNet(6).classifier(CPU, Network.named("vgg16"), "features.29");
        Explainer byGradient = vgg.explainer(few("literal"))) {
      assertThat(byGradient.explain(PICTURE, List.of(ANY), 0).get(0).heatmap().data())
          .containsExactly(
              byRow.explain(PICTURE, List.of(ANY), 0).get(0).heatmap().data(), within(1e-5f));
    }
  }

  @Test
  void classesThatDoNotExistAreRefused() {
    try (Classifier classifier = new TinyNet(6).classifier(CPU);
        Explainer explainer = classifier.explainer(few("default"))) {
      refused(explainer, new Target.Index(5), "5", "0 to 4");
      refused(explainer, new Target.Index(-1), "-1", "0 to 4");
      refused(explainer, new Target.Ranked(0), "rank 0");
      refused(explainer, new Target.Ranked(-3), "rank -3");
      refused(explainer, new Target.Ranked(6), "rank 6", "5");
      refused(explainer, new Target.Named("zebra"), "zebra", "did you mean");
      refused(explainer, new Target.Named("d"), "2 classes", "dog", "red dog");
      refused(explainer, new Target.Named(" "), "empty");
      List<Target> fine = List.of(new Target.Named("DOG"), new Target.Ranked(5));
      List<Explanation> explanations = explainer.explain(PICTURE, fine, 0);
      assertThat(explanations.get(0).className()).isEqualTo("dog");
      assertThat(explanations.get(1).probability()).isLessThan(0.2);
    }
  }

  private static void refused(Explainer explainer, Target target, String... parts) {
    assertThatThrownBy(() -> explainer.explain(PICTURE, List.of(ANY, target), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void noTargetsGiveNoExplanations() {
    for (Method method : List.of(few("default"), few("literal"), Method.cam())) {
      try (Classifier classifier = new TinyNet(6).classifier(CPU);
          Explainer explainer = classifier.explainer(method)) {
        assertThat(explainer.explain(PICTURE, List.of(), 0)).isEmpty();
      }
    }
  }

  @Test
  void nothingThatComesOutCanBeChanged() {
    HostTensor input = PICTURE.copy();
    Explanation explanation = explain(new TinyNet(6), input, few("default"));
    Explanation again = explain(new TinyNet(6), PICTURE, few("default"));
    Close.bits("the caller's picture", input, PICTURE);
    Arrays.fill(input.data(), 9);
    for (HostTensor tensor :
        List.of(
            explanation.map(), explanation.heatmap(), explanation.alpha(), explanation.scores())) {
      Arrays.fill(tensor.data(), 9);
    }
    Close.bits("map", explanation.map(), again.map());
    Close.bits("heatmap", explanation.heatmap(), again.heatmap());
    Close.bits("alpha", explanation.alpha(), again.alpha());
    Close.bits("scores", explanation.scores(), again.scores());
  }
}
