package io.sscam.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.nets.RgbImage;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoSetTest {

  @Test
  void twoHundredPicturesWithABoxEach() throws IOException {
    DataSet set = DemoSet.read();
    assertThat(set.name()).isEqualTo("demo");
    assertThat(set.problems()).isEmpty();
    assertThat(set.samples()).hasSize(200);
    Map<String, Integer> counts = new HashMap<>();
    for (Sample sample : set.samples()) {
      assertThat(sample.labels()).as(sample.id()).hasSize(1);
      assertThat(sample.boxes()).as(sample.id()).hasSize(1);
      LabelledBox box = sample.boxes().get(0);
      assertThat(box.name()).isEqualTo(sample.labels().get(0));
      RgbImage image = sample.picture().read();
      assertThat(box.box().x0()).as(sample.id()).isNotNegative();
      assertThat(box.box().y0()).as(sample.id()).isNotNegative();
      assertThat(box.box().x1()).as(sample.id()).isLessThanOrEqualTo(image.width());
      assertThat(box.box().y1()).as(sample.id()).isLessThanOrEqualTo(image.height());
      assertThat(box.box().area())
          .as(sample.id())
          .isBetween(16.0, 0.9 * image.width() * image.height());
      counts.merge(sample.labels().get(0), 1, Integer::sum);
    }
    assertThat(counts.size()).isGreaterThan(1);
    assertThat(counts.values()).allSatisfy(n -> assertThat(n).isGreaterThanOrEqualTo(5));
  }

  @Test
  void itIsTheSameEachTime() throws IOException {
    List<Sample> once = DemoSet.read().samples();
    List<Sample> again = DemoSet.read().samples();
    assertThat(Selection.digest(again)).isEqualTo(Selection.digest(once));
    assertThat(again.get(17).picture().read().toArray())
        .isEqualTo(once.get(17).picture().read().toArray());
  }
}
