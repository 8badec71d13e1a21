package io.sscam.nets;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import java.util.Locale;

/**
 * A picture becomes the input of a network: resized, cropped, and normalised with the mean and
 * standard deviation of ImageNet, in float32 and byte for byte as torchvision does on Pillow
 * pictures.
 */
public final class Preprocess {
  /** The mean of R, G, B over ImageNet, on the scale 0 … 1 (torchvision). */
  private static final float[] MEAN = {0.485f, 0.456f, 0.406f};

  /** The standard deviation of R, G, B over ImageNet, on the scale 0 … 1 (torchvision). */
  private static final float[] STD = {0.229f, 0.224f, 0.225f};

  private Preprocess() {}

  /** How a picture of any shape becomes an input of H×W. */
  public enum Mode {
    /**
     * The short side becomes 256, and the middle 224×224 is cut out: what the networks were tested
     * with. For another H×W both numbers grow alike: the picture is made just large enough to cover
     * round(H·256/224) × round(W·256/224).
     */
    IMAGENET,
    /** The whole picture becomes H×W, whatever its aspect. */
    STRETCH;

    /** The name on the command line: {@code imagenet}, {@code stretch}. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What a network sees of a picture.
   *
   * @param tensor the input, 1×3×H×W, R G B, normalised
   * @param pixels the same before normalising, W across and H down
   * @param geometry where it lies in the original picture
   */
  public record Result(HostTensor tensor, RgbImage pixels, Geometry geometry) {}

  /**
   * Prepares one picture.
   *
   * @param picture the picture as a person sees it: orientation applied
   * @param height H of the network's input, at least 1
   * @param width W of the network's input, at least 1
   * @throws IllegalArgumentException if no input can have that size
   */
  public static Result apply(RgbImage picture, Mode mode, int height, int width) {
    if (height < 1 || width < 1 || Math.max(height, width) > RgbImage.MAX_SIDE) {
      throw new IllegalArgumentException("no input can be %d×%d".formatted(height, width));
    }
    return switch (mode) {
      case STRETCH ->
          result(
              Resize.resize(picture, width, height),
              Geometry.whole(picture.width(), picture.height(), width, height));
      case IMAGENET -> crop(picture, height, width);
    };
  }

  private static Result crop(RgbImage picture, int height, int width) {
    int w = picture.width();
    int h = picture.height();
    long coverWidth = (width * 256L + 112) / 224;
    long coverHeight = (height * 256L + 112) / 224;
    // The side that is short, measured by the cover, meets it; the other is cut off to whole
    // pixels.
    boolean wide = w * coverHeight >= h * coverWidth;
    long fullWidth = wide ? coverHeight * w / h : coverWidth;
    long fullHeight = wide ? coverHeight : coverWidth * h / w;
    long left = (long) Math.rint((fullWidth - width) / 2.0); // half to even, as Python's round
    long top = (long) Math.rint((fullHeight - height) / 2.0);
    double perColumn = (double) w / fullWidth;
    double perRow = (double) h / fullHeight;
    Box covered =
        new Box(
            left * perColumn, top * perRow, (left + width) * perColumn, (top + height) * perRow);
    return result(
        Resize.window(picture, fullWidth, fullHeight, left, top, width, height),
        new Geometry(w, h, width, height, covered));
  }

  private static Result result(RgbImage pixels, Geometry geometry) {
    return new Result(normalise(pixels), pixels, geometry);
  }

  /**
   * Samples to network values: {@code (v / 255 - mean) / std} in float32, 1×3×H×W.
   *
   * @param pixels the input's pixels, W across and H down
   */
  public static HostTensor normalise(RgbImage pixels) {
    HostTensor tensor = HostTensor.zeros(Shape.of(1, 3, pixels.height(), pixels.width()));
    byte[] samples = pixels.samples();
    int plane = pixels.height() * pixels.width();
    for (int c = 0; c < 3; c++) {
      float[] values = new float[256];
      for (int v = 0; v < 256; v++) {
        values[v] = (v / 255f - MEAN[c]) / STD[c];
      }
      for (int i = 0; i < plane; i++) {
        tensor.data()[c * plane + i] = values[samples[i * 3 + c] & 255];
      }
    }
    return tensor;
  }
}
