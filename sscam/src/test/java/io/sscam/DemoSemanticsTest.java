package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.DemoPictures.Labelled;
import io.sscam.DemoPictures.Picture;
import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Session;
import io.sscam.nets.Box;
import io.sscam.nets.Preprocess;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Do the maps point at the object? Energy-based pointing game on held-out pictures of the demo
 * model, where the boxes are exact. A build takes three, and one of two classes; all 200 and 60
 * with {@code -Dsscam.demo.single=200 -Dsscam.demo.double=60}.
 */
class DemoSemanticsTest {
  private static final int SINGLE = Integer.getInteger("sscam.demo.single", 3);
  private static final int DOUBLE = Integer.getInteger("sscam.demo.double", 1);

  /** The default preset with fewer samples, for time. */
  private static Method ssCam() {
    return new Method.SsCam("default", Scoring.preset("default").withSamples(2));
  }

  @Test
  void theDemoModelKnowsItsPictures() throws Exception {
    List<Picture> pictures = DemoPictures.read("/io/sscam/data/held-out.zip", 200);
    int right = 0;
    try (Classifier classifier = demo()) {
      for (Picture picture : pictures) {
        int top = classifier.classify(picture.image(), 1).get(0).classIndex();
        right += top == picture.objects().get(0).classIndex() ? 1 : 0;
      }
    }
    System.out.printf("demo model: %d of %d held-out pictures right%n", right, pictures.size());
    assertThat(pictures).hasSize(200);
    assertThat(right).isGreaterThanOrEqualTo(190);
  }

  @Test
  void energyLiesInTheBox() throws Exception {
    double area = 0;
    double mean = 0;
    double score = 0;
    double smooth = 0;
    List<Picture> pictures = DemoPictures.read("/io/sscam/data/held-out.zip", SINGLE);
    try (Classifier classifier = demo();
        Explainer scoreCam = classifier.explainer(Method.scoreCam());
        Explainer ssCam = classifier.explainer(ssCam())) {
      for (Picture picture : pictures) {
        Labelled object = picture.objects().get(0);
        List<Target> target = List.of(new Target.Index(object.classIndex()));
        area += object.box().area() / (224 * 224);
        mean += energy(meanActivation(classifier, picture), object.box());
        score += energy(scoreCam.explain(picture.image(), target).get(0).heatmap(), object.box());
        smooth += energy(ssCam.explain(picture.image(), target).get(0).heatmap(), object.box());
      }
    }
    int n = pictures.size();
    System.out.printf(
        "pointing game over %d pictures: box area %.3f, mean activation %.3f, Score-CAM %.3f,"
            + " SS-CAM (N=2) %.3f%n",
        n, area / n, mean / n, score / n, smooth / n);
    assertThat(score).isGreaterThan(2 * area).isGreaterThan(mean);
    assertThat(smooth).isGreaterThan(2 * area).isGreaterThan(mean);
  }

  @Test
  void eachClassOfTwoHasItsOwnMap() throws Exception {
    List<Picture> pictures = DemoPictures.read("/demo/two-class.zip", DOUBLE);
    int own = 0;
    int better = 0;
    int maps = 0;
    try (Classifier classifier = demo();
        Explainer ssCam = classifier.explainer(ssCam())) {
      for (Picture picture : pictures) {
        Labelled a = picture.objects().get(0);
        Labelled b = picture.objects().get(1);
        List<Explanation> both =
            ssCam.explain(
                picture.image(),
                List.of(new Target.Index(a.classIndex()), new Target.Index(b.classIndex())));
        // the own box gets more than the other box does …
        own += energy(both.get(0), a) > energy(both.get(0), b) ? 1 : 0;
        own += energy(both.get(1), b) > energy(both.get(1), a) ? 1 : 0;
        // … and more than the other class's map gives it
        better += energy(both.get(0), a) > energy(both.get(1), a) ? 1 : 0;
        better += energy(both.get(1), b) > energy(both.get(0), b) ? 1 : 0;
        maps += 2;
      }
    }
    System.out.printf(
        "two classes: of %d maps %d put more energy into their own box than into the other, %d more"
            + " than the other class's map does%n",
        maps, own, better);
    assertThat((double) own / maps).isGreaterThan(0.6);
    assertThat((double) better / maps).isGreaterThan(0.8);
  }

  private static Classifier demo() throws Exception {
    return Classifier.builder().preprocess(Preprocess.Mode.STRETCH).open();
  }

  private static double energy(Explanation explanation, Labelled object) {
    return energy(explanation.heatmap(), object.box());
  }

  /** The share of the heatmap inside the box; 0 for a blank map. */
  private static double energy(HostTensor heatmap, Box box) {
    double inside = 0;
    double all = 0;
    for (int y = 0; y < 224; y++) {
      for (int x = 0; x < 224; x++) {
        float value = heatmap.data()[y * 224 + x];
        all += value;
        boolean in = x >= box.x0() && x < box.x1() && y >= box.y0() && y < box.y1();
        inside += in ? value : 0;
      }
    }
    return all == 0 ? 0 : inside / all;
  }

  /** The control: every channel with the same weight. */
  private static HostTensor meanActivation(Classifier classifier, Picture picture) {
    String layer = classifier.network().defaultLayer();
    try (Session session = classifier.backend().openSession();
        Executable net = session.compile(classifier.model(), 1, Set.of(layer));
        var arena = session.arena("control")) {
      session.upload(classifier.preprocess(picture.image()).tensor().data(), net.input());
      net.run(1);
      int[] chw = Arrays.copyOfRange(net.kept(layer).shape().toArray(), 1, 4);
      var maps = arena.floats("maps", chw);
      session.copy(net.kept(layer), maps, maps.shape().elementsAsInt());
      float[][] alpha = {new float[chw[0]]};
      Arrays.fill(alpha[0], 1);
      return Maps.combine(session, arena, alpha, maps, Shape.of(3, 224, 224)).heatmap(0);
    }
  }
}
