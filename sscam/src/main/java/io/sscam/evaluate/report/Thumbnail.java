package io.sscam.evaluate.report;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.evaluate.Outcome;
import io.sscam.evaluate.RunSettings.Model;
import io.sscam.image.BufferedImages;
import io.sscam.image.ColourMap;
import io.sscam.image.Overlay;
import io.sscam.nets.Geometry;
import io.sscam.nets.Preprocess;
import io.sscam.nets.Resize;
import io.sscam.nets.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Locale;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** A small overlay as a JPEG inside the page. */
final class Thumbnail {
  private static final int LONG_SIDE = 300;
  private static final float QUALITY = 0.8f;

  private Thumbnail() {}

  /** The map over the picture as a {@code data:} address. */
  static String dataUri(RgbImage picture, Outcome outcome, Model model) {
    RgbImage small = shrink(picture);
    Preprocess.Mode mode = Preprocess.Mode.valueOf(model.preprocessing().toUpperCase(Locale.ROOT));
    Geometry geometry =
        Preprocess.apply(small, mode, model.inputHeight(), model.inputWidth()).geometry();
    HostTensor heat = heatmap(outcome, model.inputHeight(), model.inputWidth());
    RgbImage overlay = Overlay.plain(small, heat, geometry, ColourMap.INFERNO);
    return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg(overlay));
  }

  private static RgbImage shrink(RgbImage picture) {
    double factor = (double) LONG_SIDE / Math.max(picture.width(), picture.height());
    return Resize.resize(
        picture,
        Math.max(1, (int) Math.round(picture.width() * factor)),
        Math.max(1, (int) Math.round(picture.height() * factor)));
  }

  /** s(U(L)): bilinear with half-pixel centres, then min-max; an all-equal map gives zeros. */
  static HostTensor heatmap(Outcome outcome, int height, int width) {
    float[] map = outcome.map();
    int h = outcome.mapHeight();
    int w = outcome.mapWidth();
    HostTensor heat = HostTensor.zeros(Shape.of(height, width));
    float[] out = heat.data();
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    for (int y = 0; y < height; y++) {
      double sy = Math.max(0, Math.min(h - 1, (y + 0.5) * h / height - 0.5));
      int y0 = (int) sy;
      int y1 = Math.min(h - 1, y0 + 1);
      for (int x = 0; x < width; x++) {
        double sx = Math.max(0, Math.min(w - 1, (x + 0.5) * w / width - 0.5));
        int x0 = (int) sx;
        int x1 = Math.min(w - 1, x0 + 1);
        double top = mix(map[y0 * w + x0], map[y0 * w + x1], sx - x0);
        double bottom = mix(map[y1 * w + x0], map[y1 * w + x1], sx - x0);
        float value = (float) mix(top, bottom, sy - y0);
        out[y * width + x] = value;
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = max > min ? (out[i] - min) / (max - min) : 0;
    }
    return heat;
  }

  private static double mix(double a, double b, double share) {
    return a + (b - a) * share;
  }

  private static byte[] jpeg(RgbImage picture) {
    BufferedImage image = BufferedImages.of(picture);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), param);
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot be written", e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
