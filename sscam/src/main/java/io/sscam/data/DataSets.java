package io.sscam.data;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens a data set by the looks of its folder. */
public final class DataSets {
  private static final String USUAL_SPLIT = "test";

  private DataSets() {}

  /**
   * Opens a data set.
   *
   * @param place {@code demo}; a folder laid out as PASCAL VOC, Stanford 40 Actions or ILSVRC
   *     2012's validation set; a CSV file beside pictures, or a folder that holds one
   * @param split which list of VOC or Stanford 40; {@code test} if null
   * @throws DataSetException in one line, if it is none of these
   */
  public static DataSet open(String place, @Nullable String split) throws DataSetException {
    if (place.equals("demo")) {
      requireNoSplit(place, split);
      return DemoSet.read();
    }
    Path path = path(place);
    if (Files.isRegularFile(path)) {
      requireNoSplit(place, split);
      return CsvFolder.read(path);
    }
    if (!Files.isDirectory(path)) {
      throw new DataSetException(nowhere(place));
    }
    for (AnnotatedFolder layout : List.of(AnnotatedFolder.VOC, AnnotatedFolder.STANFORD_40)) {
      if (layout.matches(path)) {
        return layout.read(path, split == null ? USUAL_SPLIT : split);
      }
    }
    requireNoSplit(place, split);
    if (ImageNetFolder.matches(path)) {
      return ImageNetFolder.read(path);
    }
    return CsvFolder.read(onlyTable(path));
  }

  private static Path path(String place) throws DataSetException {
    if (place.isBlank()) { // to Java, the working folder
      throw new DataSetException(nowhere("\"" + place + "\""));
    }
    try {
      return Path.of(place);
    } catch (InvalidPathException e) {
      throw new DataSetException(nowhere(place), e);
    }
  }

  private static String nowhere(String place) {
    return place + ": there is no such folder; name a data set's folder, a CSV file, or demo";
  }

  private static void requireNoSplit(String place, @Nullable String split) throws DataSetException {
    if (split != null) {
      throw new DataSetException(
          place + ": has no splits; leave --split out, it is for PASCAL VOC and Stanford 40");
    }
  }

  private static Path onlyTable(Path folder) throws DataSetException {
    List<Path> tables = Folders.files(folder, ".csv");
    Path usual = folder.resolve("labels.csv");
    if (tables.size() == 1 || tables.contains(usual)) {
      Path table = tables.size() == 1 ? tables.get(0) : usual;
      return SmallFiles.inside(folder, "", String.valueOf(table.getFileName()));
    }
    throw new DataSetException(
        tables.isEmpty()
            ? folder
                + ": is no data set: it has neither JPEGImages with Annotations (PASCAL VOC) or"
                + " XMLAnnotations (Stanford 40), nor val.txt or LOC_val_solution.csv (ILSVRC"
                + " 2012), nor a CSV file"
            : folder + ": has " + tables.size() + " CSV files; name the one to use");
  }
}
