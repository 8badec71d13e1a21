package io.sscam.bench.cli;

import io.sscam.Explanation;
import io.sscam.engine.file.AtomicFile;
import io.sscam.image.ColourMap;
import io.sscam.image.NpyWriter;
import io.sscam.image.Overlay;
import io.sscam.image.PngWriter;
import io.sscam.nets.RgbImage;
import io.sscam.report.ExplanationJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where results go. A file is there whole or not at all. */
final class ResultFiles {
  /** The kinds of file. */
  enum Format {
    PNG,
    JSON,
    NPY
  }

  private final Path folder;
  private final Set<Format> formats;

  private ResultFiles(Path folder, Set<Format> formats) {
    this.folder = folder;
    this.formats = formats;
  }

  /**
   * Results in a folder, which is made if it is missing; tried before anything is computed.
   *
   * @throws OutputException if it cannot be written
   */
  static ResultFiles into(Path folder, Set<Format> formats) {
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, ".sscam", ".try"));
    } catch (IOException e) {
      throw new OutputException(folder, e);
    }
    return new ResultFiles(folder, formats);
  }

  /** Writes an explanation in all formats and returns the files. */
  List<Path> write(String name, Photos.Photo photo, Explanation explanation, Map<String, ?> run) {
    List<Path> written = new ArrayList<>();
    for (Format format : formats) {
      Path file = folder.resolve(name + "." + EnumNames.of(format));
      try {
        switch (format) {
          case PNG -> PngWriter.write(file, overlay(photo.image(), explanation));
          case NPY -> NpyWriter.write(file, explanation.heatmap());
          case JSON -> text(file, ExplanationJson.write(explanation, run));
        }
      } catch (IOException e) {
        throw new OutputException(file, e);
      }
      written.add(file);
    }
    return written;
  }

  /** Writes a picture under a name of the caller's. */
  Path write(String name, RgbImage picture) {
    Path file = folder.resolve(name);
    try {
      PngWriter.write(file, picture);
    } catch (IOException e) {
      throw new OutputException(file, e);
    }
    return file;
  }

  private static void text(Path file, String text) throws IOException {
    AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static RgbImage overlay(RgbImage image, Explanation explanation) {
    return Overlay.render(
        image,
        explanation.heatmap(),
        explanation.geometry().orElseThrow(),
        ColourMap.INFERNO,
        new Overlay.Caption(
            explanation.className(),
            explanation.classIndex(),
            explanation.probability(),
            Origin.line(explanation)));
  }
}
