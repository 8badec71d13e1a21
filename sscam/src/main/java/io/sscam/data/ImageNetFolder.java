package io.sscam.data;

import io.sscam.nets.Box;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The validation set of ILSVRC 2012: a flat folder of {@code ILSVRC2012_val_00000001.JPEG} … with a
 * list of their classes, either Kaggle's {@code LOC_val_solution.csv} (WordNet ids and boxes) or
 * Caffe's {@code val.txt} (a file and a class index on each line), the boxes then from XML files in
 * a folder {@code val}, {@code bbox} or {@code Annotations}. Labels are class indices in
 * torchvision's order, that of the sorted WordNet ids.
 */
final class ImageNetFolder {
  private static final String FIRST = "ILSVRC2012_val_00000001";
  private static final String SOLUTION = "LOC_val_solution.csv";
  private static final String LIST = "val.txt";
  private static final int CLASSES = 1000;

  private ImageNetFolder() {}

  static boolean matches(Path root) {
    return Files.exists(root.resolve(SOLUTION)) || Files.exists(root.resolve(LIST));
  }

  static DataSet read(Path root) throws DataSetException {
    Map<String, List<LabelledBox>> boxes = new LinkedHashMap<>();
    Map<String, String> labels = new LinkedHashMap<>();
    List<Problem> problems = new ArrayList<>();
    if (Files.exists(root.resolve(SOLUTION))) {
      solution(root.resolve(SOLUTION), labels, boxes, problems);
    } else {
      list(root.resolve(LIST), labels, problems);
    }
    Path pictures = pictures(root);
    List<Sample> samples = new ArrayList<>();
    for (Map.Entry<String, String> entry : labels.entrySet()) {
      String id = entry.getKey();
      Path picture = pictures.resolve(id + ".JPEG");
      if (!Files.exists(picture)) {
        problems.add(new Problem(id, "there is no picture " + picture.getFileName()));
        continue;
      }
      try {
        List<LabelledBox> found =
            boxes.containsKey(id) ? boxes.get(id) : annotated(root, id, entry.getValue());
        Sample sample = Folders.sample(id, picture, found);
        samples.add(new Sample(id, sample.picture(), List.of(entry.getValue()), found));
      } catch (DataSetException e) {
        problems.add(Problem.of(id, e));
      }
    }
    return new DataSet("ILSVRC 2012 validation", null, samples, problems);
  }

  private static Path pictures(Path root) throws DataSetException {
    List<Path> tried =
        List.of(root, root.resolve("val"), root.resolve("images"), root.resolve("JPEGImages"));
    for (Path folder : tried) {
      if (Files.exists(folder.resolve(FIRST + ".JPEG"))) {
        return folder;
      }
    }
    throw new DataSetException(
        "%s: there is no %s.JPEG in it, nor in its folders val, images or JPEGImages"
            .formatted(root, FIRST));
  }

  /** {@code ILSVRC2012_val_00048981,n03995372 85 1 499 272} …: id, then WordNet id and box. */
  private static void solution(
      Path file,
      Map<String, String> labels,
      Map<String, List<LabelledBox>> boxes,
      List<Problem> problems)
      throws DataSetException {
    Map<String, String[]> predictions = new LinkedHashMap<>();
    TreeSet<String> synsets = new TreeSet<>();
    List<String> lines = SmallFiles.lines(file);
    for (int i = 1; i < lines.size(); i++) {
      List<String> row = Csv.fields(lines.get(i));
      String[] words = row.size() == 2 ? row.get(1).split("\\s+", -1) : new String[0];
      boolean whole = words.length >= 5 && words.length % 5 == 0 && isId(row.get(0));
      if (!whole) {
        problems.add(
            new Problem(file.getFileName() + " line " + (i + 1), "is no id and boxes of 5 words"));
        continue;
      }
      predictions.put(row.get(0), words);
      synsets.add(words[0]);
    }
    if (synsets.size() != CLASSES) {
      throw new DataSetException(
          "%s: names %d classes; their indices are known only if all %d are there"
              .formatted(file, synsets.size(), CLASSES));
    }
    Map<String, Integer> indices = new HashMap<>();
    synsets.forEach(synset -> indices.put(synset, indices.size()));
    predictions.forEach(
        (id, words) -> {
          String label = String.valueOf(indices.get(words[0]));
          try {
            boxes.put(id, boxes(label, words));
            labels.put(id, label);
          } catch (IllegalArgumentException e) {
            problems.add(new Problem(id, "a box in " + file.getFileName() + " makes no sense"));
          }
        });
  }

  private static List<LabelledBox> boxes(String label, String[] words) {
    List<LabelledBox> boxes = new ArrayList<>();
    for (int i = 0; i < words.length; i += 5) {
      double[] edges = new double[4];
      for (int e = 0; e < 4; e++) {
        edges[e] = Integer.parseInt(words[i + 1 + e]);
      }
      boxes.add(new LabelledBox(label, new Box(edges[0] - 1, edges[1] - 1, edges[2], edges[3])));
    }
    return boxes;
  }

  /** {@code ILSVRC2012_val_00000001.JPEG 65}. */
  private static void list(Path file, Map<String, String> labels, List<Problem> problems)
      throws DataSetException {
    int number = 0;
    for (String line : SmallFiles.lines(file)) {
      number++;
      String[] words = line.strip().split("\\s+", -1);
      String id = words[0].replaceFirst("(?i)\\.jpe?g$", "");
      if (words.length == 2 && isId(id) && words[1].matches("\\d{1,3}")) {
        labels.put(id, Integer.toString(Integer.parseInt(words[1])));
      } else if (!line.isBlank()) {
        problems.add(
            new Problem(
                file.getFileName() + " line " + number, "is no file and class from 0 to 999"));
      }
    }
  }

  private static boolean isId(String id) {
    return id.matches("ILSVRC2012_val_\\d{8}");
  }

  private static List<LabelledBox> annotated(Path root, String id, String label)
      throws DataSetException {
    for (String folder :
        List.of("val", "bbox", "Annotations", "Annotations/CLS-LOC/val", "bbox/val")) {
      Path file = root.resolve(folder).resolve(id + ".xml");
      if (Files.exists(file)) {
        return AnnotationXml.read(file, "name").stream()
            .map(box -> new LabelledBox(label, box.box()))
            .toList();
      }
    }
    return List.of();
  }
}
