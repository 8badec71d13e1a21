package io.sscam.data;

import io.sscam.image.ImageLimits;
import io.sscam.image.ImageReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * 200 generated pictures that the demo model has not seen, each with the exact box of its object;
 * see weights/demo/generate.py. They lie in the jar.
 */
final class DemoSet {
  private DemoSet() {}

  static DataSet read() throws DataSetException {
    Map<String, byte[]> files = new HashMap<>();
    try (InputStream in = DemoSet.class.getResourceAsStream("held-out.zip")) {
      if (in == null) {
        throw new DataSetException("demo: the pictures are not in this build");
      }
      ZipInputStream zip = new ZipInputStream(in);
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), zip.readAllBytes());
      }
    } catch (IOException e) {
      throw new DataSetException("demo: the pictures cannot be read from the jar", e);
    }
    String table = new String(files.getOrDefault("boxes.csv", new byte[0]), StandardCharsets.UTF_8);
    CsvTable rows = CsvTable.read("boxes.csv", table.lines().toList());
    List<Sample> samples = new ArrayList<>();
    rows.entries()
        .forEach(
            (name, entry) -> {
              byte[] bytes = files.getOrDefault(name, new byte[0]);
              samples.add(
                  new Sample(
                      name,
                      () -> ImageReader.decode(bytes, name, ImageLimits.DEFAULT).image(),
                      List.copyOf(entry.labels()),
                      entry.boxes()));
            });
    return new DataSet("demo", null, samples, rows.problems());
  }
}
