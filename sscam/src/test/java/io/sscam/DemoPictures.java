package io.sscam;

import io.sscam.image.ImageLimits;
import io.sscam.image.ImageReader;
import io.sscam.nets.Box;
import io.sscam.nets.RgbImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Generated held-out pictures with exact boxes; see weights/demo/generate.py. */
final class DemoPictures {
  /** One object of a picture. */
  record Labelled(int classIndex, Box box) {}

  /** A picture and what was pasted into it. */
  record Picture(String name, RgbImage image, List<Labelled> objects) {}

  private DemoPictures() {}

  /** The first {@code limit} pictures of an archive among the resources. */
  static List<Picture> read(String name, int limit) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (InputStream in = DemoPictures.class.getResourceAsStream(name);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), zip.readAllBytes());
      }
    }
    Map<String, List<Labelled>> objects = new LinkedHashMap<>();
    new String(files.get("boxes.csv"), StandardCharsets.UTF_8)
        .lines()
        .skip(1)
        .map(line -> line.split(",", -1))
        .forEach(
            row -> objects.computeIfAbsent(row[0], file -> new ArrayList<>()).add(labelled(row)));
    List<Picture> pictures = new ArrayList<>();
    for (Map.Entry<String, List<Labelled>> entry : objects.entrySet()) {
      if (pictures.size() < limit) {
        byte[] bytes = files.get(entry.getKey());
        RgbImage image = ImageReader.decode(bytes, entry.getKey(), ImageLimits.DEFAULT).image();
        pictures.add(new Picture(entry.getKey(), image, entry.getValue()));
      }
    }
    return pictures;
  }

  /** file, class_index, class_name, xmin, ymin, xmax, ymax. */
  private static Labelled labelled(String[] row) {
    return new Labelled(
        Integer.parseInt(row[1]),
        new Box(
            Double.parseDouble(row[3]),
            Double.parseDouble(row[4]),
            Double.parseDouble(row[5]),
            Double.parseDouble(row[6])));
  }
}
