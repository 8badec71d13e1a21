package io.sscam.data;

import io.sscam.image.ImageReader;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the readers of annotated folders share. */
final class Folders {
  /** More than any data set that is explained picture by picture. */
  static final int MOST_PICTURES = 5_000_000;

  private Folders() {}

  /** Files of a folder whose names end in {@code suffix}, whatever its case. */
  static List<Path> files(Path folder, String suffix) throws DataSetException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      for (Path file : stream) {
        String name = file.getFileName().toString();
        if (name.regionMatches(true, name.length() - suffix.length(), suffix, 0, suffix.length())) {
          files.add(file);
        }
        if (files.size() > MOST_PICTURES) {
          throw new DataSetException(folder + ": has more than " + MOST_PICTURES + " files");
        }
      }
    } catch (DataSetException e) {
      throw e;
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw new DataSetException(folder + ": there is no such folder", e);
    } catch (IOException | DirectoryIteratorException e) {
      throw new DataSetException(folder + ": cannot be listed (" + e.getMessage() + ")", e);
    }
    files.sort(null);
    return files;
  }

  /** A sample of a picture file; its labels are the names of its boxes. */
  static Sample sample(String id, Path picture, List<LabelledBox> boxes) {
    Set<String> labels = new LinkedHashSet<>();
    boxes.forEach(box -> labels.add(box.name()));
    return new Sample(id, () -> ImageReader.read(picture).image(), List.copyOf(labels), boxes);
  }
}
