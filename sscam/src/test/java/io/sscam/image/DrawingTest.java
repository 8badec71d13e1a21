package io.sscam.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.nets.Geometry;
import io.sscam.nets.Preprocess;
import io.sscam.nets.RgbImage;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DrawingTest {
  private static final Overlay.Caption CAPTION =
      new Overlay.Caption("black-and-tan coonhound", 165, 0.8739, "SS-CAM default");

  private static HostTensor heat(int height, int width, float value) {
    HostTensor heat = HostTensor.zeros(Shape.of(height, width));
    Arrays.fill(heat.data(), value);
    return heat;
  }

  private static Geometry geometry(RgbImage picture, Preprocess.Mode mode) {
    return Preprocess.apply(picture, mode, 224, 224).geometry();
  }

  @Test
  void colourMapsHaveMatplotlibsColours() {
    assertThat(ColourMap.INFERNO.rgb(0)).isEqualTo(0x000004);
    assertThat(ColourMap.INFERNO.rgb(1)).isEqualTo(0xFCFFA4);
    assertThat(ColourMap.VIRIDIS.rgb(0)).isEqualTo(0x440154);
    assertThat(ColourMap.VIRIDIS.rgb(1)).isEqualTo(0xFDE725);
    assertThat(ColourMap.VIRIDIS.rgb(-3)).isEqualTo(ColourMap.VIRIDIS.rgb(Double.NaN));
    for (ColourMap map : ColourMap.values()) {
      double before = -1;
      for (int i = 0; i < 256; i += 8) {
        int rgb = map.rgb(i / 255.0);
        double luma = 0.299 * (rgb >> 16) + 0.587 * (rgb >> 8 & 255) + 0.114 * (rgb & 255);
        assertThat(luma).as("%s at %d", map, i).isGreaterThan(before);
        before = luma;
      }
    }
  }

  @Test
  void theOriginalKeepsItsSizeAndWhatTheNetworkNeverSawIsGrey() {
    RgbImage picture = RgbImage.filled(900, 450, 0x40A060);
    Geometry crop = geometry(picture, Preprocess.Mode.IMAGENET);
    RgbImage blended = Overlay.blend(picture, heat(224, 224, 1), crop, ColourMap.INFERNO);
    assertThat(blended.width()).isEqualTo(900);
    assertThat(blended.height()).isEqualTo(450);
    int outside = blended.rgb(10, 10);
    assertThat(outside).isEqualTo((outside & 255) * 0x010101).isLessThan(0x808080);
    int inside = blended.rgb(450, 225);
    assertThat(inside >> 16).isGreaterThan((inside & 255) + 40); // yellowish
    int frame = blended.rgb((int) crop.covered().x0() - 1, 225);
    assertThat(frame).isEqualTo(0xF2F2F2);
  }

  @Test
  void aZeroMapLeavesThePictureVisible() {
    RgbImage picture = RgbImage.filled(500, 500, 0x40A060);
    Geometry whole = geometry(picture, Preprocess.Mode.STRETCH);
    int rgb = Overlay.blend(picture, heat(224, 224, 0), whole, ColourMap.INFERNO).rgb(250, 250);
    assertThat(rgb >> 8 & 255).isGreaterThan(rgb >> 16).isGreaterThan(90);
  }

  @Test
  void smallPicturesAreEnlargedAndHugeSidesReduced() {
    assertThat(Overlay.legible(RgbImage.filled(1, 1, 0)).width()).isEqualTo(448);
    assertThat(Overlay.legible(RgbImage.filled(300, 200, 0)).width()).isEqualTo(600);
    assertThat(Overlay.legible(RgbImage.filled(448, 30, 0)).width()).isEqualTo(448);
    assertThat(Overlay.legible(RgbImage.filled(100_000, 1, 0)).width()).isEqualTo(32767);
  }

  @Test
  void aHeatmapMustFit() {
    RgbImage picture = RgbImage.filled(500, 500, 0);
    Geometry whole = geometry(picture, Preprocess.Mode.STRETCH);
    assertThatThrownBy(
            () -> Overlay.render(picture, heat(7, 7, 0), whole, ColourMap.INFERNO, CAPTION))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a heatmap of 7×7 does not fit an input of 224×224");
    for (float bad : new float[] {Float.NaN, -0.1f, 1.1f}) {
      assertThatThrownBy(
              () -> Overlay.blend(picture, heat(224, 224, bad), whole, ColourMap.INFERNO))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Property(tries = 60)
  void anyPictureAndAnyTextCanBeDrawn(
      @ForAll @IntRange(min = 1, max = 700) int w,
      @ForAll @IntRange(min = 1, max = 700) int h,
      @ForAll String name,
      @ForAll String method) {
    RgbImage picture = RgbImage.filled(w, h, 0x808080);
    for (Preprocess.Mode mode : Preprocess.Mode.values()) {
      Geometry geometry = geometry(picture, mode);
      RgbImage drawn =
          Overlay.render(
              picture,
              heat(224, 224, 0.5f),
              geometry,
              ColourMap.VIRIDIS,
              new Overlay.Caption(name, 3, 0.5, method));
      assertThat(drawn.width()).isGreaterThan(Math.max(w, 300));
      assertThat(drawn.height()).isGreaterThan(h);
    }
  }

  @Test
  void absurdAspectsCanBeDrawn() {
    for (int[] size : new int[][] {{1, 30_000}, {30_000, 1}, {2, 100_000}}) {
      RgbImage picture = RgbImage.filled(size[0], size[1], 0x808080);
      RgbImage drawn =
          Overlay.render(
              picture,
              heat(224, 224, 1),
              geometry(picture, Preprocess.Mode.IMAGENET),
              ColourMap.INFERNO,
              CAPTION);
      assertThat(Math.max(drawn.width(), drawn.height())).isGreaterThanOrEqualTo(30_000);
    }
  }

  @Test
  void aGridHoldsAllFields() {
    RgbImage red = RgbImage.filled(1000, 500, 0xFF0000);
    RgbImage tall = RgbImage.filled(50, 300, 0x00FF00);
    List<Grid.Cell> cells =
        List.of(
            new Grid.Cell("input", "", red),
            new Grid.Cell("SS-CAM", "N = 10", tall),
            new Grid.Cell("a label that is much longer than its field is wide, by far", "", red));
    RgbImage grid = Grid.render("beagle", cells, 2, ColourMap.INFERNO);
    assertThat(grid.width()).isEqualTo(2 * 400 + 3 * 14);
    assertThat(grid.rgb(14 + 200, grid.height() - 20 - 250)).isEqualTo(0xFF0000);
    assertThatThrownBy(() -> Grid.render("", List.of(), 2, ColourMap.INFERNO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void textIsWrappedBetweenWordsAndCutWhereItMust() {
    assertThat(BitmapFont.wrap("one two  three", 7)).containsExactly("one two", "three");
    assertThat(BitmapFont.wrap("abcdefgh", 4)).containsExactly("abc\u2026");
    assertThat(BitmapFont.wrap("", 4)).containsExactly("");
    assertThat(BitmapFont.rows('A')).isNotEqualTo(new int[15]).hasSize(15);
    assertThat(BitmapFont.rows(0x1EBF)).isEqualTo(BitmapFont.rows('e')); // ế without its accents
    assertThat(BitmapFont.rows(' ')).isEqualTo(new int[15]);
  }
}
