package io.sscam.data;

import io.sscam.image.ImageReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A folder of pictures beside a {@link CsvTable}; file names are relative to the folder. */
final class CsvFolder {
  private CsvFolder() {}

  /** Reads the table that lies in the pictures' folder. */
  static DataSet read(Path table) throws DataSetException {
    Path folder = Objects.requireNonNull(table.toAbsolutePath().getParent());
    CsvTable rows = CsvTable.read(table.toString(), SmallFiles.lines(table));
    List<Sample> samples = new ArrayList<>();
    List<Problem> problems = new ArrayList<>(rows.problems());
    for (Map.Entry<String, CsvTable.Entry> row : rows.entries().entrySet()) {
      String name = row.getKey();
      try {
        Path picture = SmallFiles.inside(folder, "", name);
        if (!Files.exists(picture)) {
          problems.add(new Problem(name, "there is no such picture beside " + table));
          continue;
        }
        samples.add(
            new Sample(
                name,
                () -> ImageReader.read(picture).image(),
                List.copyOf(row.getValue().labels()),
                row.getValue().boxes()));
      } catch (DataSetException e) {
        problems.add(Problem.of(name, e));
      }
    }
    return new DataSet(name(folder), null, samples, problems);
  }

  private static String name(Path folder) {
    Path name = folder.getFileName(); // none where the folder is the root
    return name == null ? folder.toString() : name.toString();
  }
}
