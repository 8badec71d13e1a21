package io.sscam.data;

import io.sscam.nets.Box;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The validation set of ILSVRC 2012, or a part of its pictures: a flat folder of {@code
 * ILSVRC2012_val_00000001.JPEG} … with a list of their classes, either Kaggle's {@code
 * LOC_val_solution.csv} (WordNet ids and boxes) or Caffe's {@code val.txt} (a file and a class
 * index on each line), the boxes then from XML files in a folder {@code val}, {@code bbox} or
 * {@code Annotations}. Labels are class indices in torchvision's order, that of the sorted WordNet
 * ids.
 */
final class ImageNetFolder {
  private static final String SOLUTION = "LOC_val_solution.csv";
  private static final String LIST = "val.txt";
  private static final String ENDING = ".JPEG";
  private static final int CLASSES = 1000;

  private ImageNetFolder() {}

  /**
   * What a list says of a picture.
   *
   * @param label its class: a WordNet id while the list is read, then an index
   * @param boxes empty if the list has none
   */
  private record Entry(String label, List<Box> boxes) {}

  static boolean matches(Path root) {
    return Files.exists(root.resolve(SOLUTION)) || Files.exists(root.resolve(LIST));
  }

  static DataSet read(Path root) throws DataSetException {
    List<Problem> problems = new ArrayList<>();
    Map<String, Entry> entries =
        Files.exists(root.resolve(SOLUTION))
            ? solution(SmallFiles.inside(root, "", SOLUTION), problems)
            : list(SmallFiles.inside(root, "", LIST), problems);
    String folder = pictures(root, entries.keySet());
    List<Sample> samples = new ArrayList<>();
    for (Map.Entry<String, Entry> entry : entries.entrySet()) {
      String id = entry.getKey();
      try {
        Path picture = SmallFiles.inside(root, folder, id + ENDING);
        if (Files.exists(picture)) {
          samples.add(sample(root, id, picture, entry.getValue()));
        } else {
          problems.add(new Problem(id, "there is no picture " + id + ENDING));
        }
      } catch (DataSetException e) {
        problems.add(Problem.of(id, e));
      }
    }
    return new DataSet("ILSVRC 2012 validation", null, samples, problems);
  }

  private static Sample sample(Path root, String id, Path picture, Entry entry)
      throws DataSetException {
    List<Box> boxes = entry.boxes().isEmpty() ? annotated(root, id) : entry.boxes();
    List<LabelledBox> labelled =
        boxes.stream().map(box -> new LabelledBox(entry.label(), box)).toList();
    Sample sample = Folders.sample(id, picture, labelled);
    return new Sample(id, sample.picture(), List.of(entry.label()), labelled);
  }

  /** The folder that has the first of the pictures that can be found. */
  private static String pictures(Path root, Set<String> ids) throws DataSetException {
    for (String id : ids) {
      for (String folder : List.of("", "val", "images", "JPEGImages")) {
        if (Files.exists(root.resolve(folder).resolve(id + ENDING))) {
          return folder;
        }
      }
    }
    throw new DataSetException(
        "%s: no picture of its list is there, nor in its folders val, images or JPEGImages"
            .formatted(root));
  }

  /** {@code ILSVRC2012_val_00048981,n03995372 85 1 499 272} …: id, then WordNet id and box. */
  private static Map<String, Entry> solution(Path file, List<Problem> problems)
      throws DataSetException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    List<String> lines = SmallFiles.lines(file);
    for (int i = 1; i < lines.size(); i++) {
      try {
        if (!lines.get(i).isBlank()) {
          addPrediction(entries, Csv.fields(lines.get(i)));
        }
      } catch (IllegalArgumentException e) {
        problems.add(Problem.of(file.getFileName() + " line " + (i + 1), e));
      }
    }
    TreeSet<String> synsets = new TreeSet<>();
    entries.values().forEach(entry -> synsets.add(entry.label()));
    if (synsets.size() != CLASSES) {
      throw new DataSetException(
          "%s: names %d classes; their indices are known only if all %d are there"
              .formatted(file, synsets.size(), CLASSES));
    }
    Map<String, String> indices = new LinkedHashMap<>();
    synsets.forEach(synset -> indices.put(synset, Integer.toString(indices.size())));
    entries.replaceAll(
        (id, entry) -> new Entry(indices.getOrDefault(entry.label(), ""), entry.boxes()));
    return entries;
  }

  private static void addPrediction(Map<String, Entry> entries, List<String> row) {
    String[] words = row.size() == 2 ? row.get(1).split("\\s+", -1) : new String[] {""};
    if (!isId(row.get(0)) || words.length % 5 != 0 || !words[0].matches("n[0-9]{8}")) {
      throw new IllegalArgumentException("is no id and boxes of 5 words");
    }
    List<Box> boxes = new ArrayList<>();
    for (int i = 0; i < words.length; i += 5) {
      if (!words[i].equals(words[0])) {
        throw new IllegalArgumentException("has boxes of more than one class");
      }
      Box box =
          new Box(
              edge(words[i + 1]) - 1,
              edge(words[i + 2]) - 1,
              edge(words[i + 3]),
              edge(words[i + 4]));
      if (!(box.area() > 0)) {
        throw new IllegalArgumentException("has a box without a pixel");
      }
      boxes.add(box);
    }
    add(entries, row.get(0), new Entry(words[0], boxes));
  }

  private static int edge(String word) {
    if (!word.matches("-?[0-9]{1,6}")) {
      throw new IllegalArgumentException("has a box that is not in pixels");
    }
    return Integer.parseInt(word);
  }

  private static void add(Map<String, Entry> entries, String id, Entry entry) {
    if (entries.putIfAbsent(id, entry) != null) {
      throw new IllegalArgumentException("names " + id + " again");
    }
  }

  /** {@code ILSVRC2012_val_00000001.JPEG 65}. */
  private static Map<String, Entry> list(Path file, List<Problem> problems)
      throws DataSetException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    int number = 0;
    for (String line : SmallFiles.lines(file)) {
      number++;
      try {
        if (!line.isBlank()) {
          addClass(entries, line.strip().split("\\s+", -1));
        }
      } catch (IllegalArgumentException e) {
        problems.add(Problem.of(file.getFileName() + " line " + number, e));
      }
    }
    return entries;
  }

  private static void addClass(Map<String, Entry> entries, String[] words) {
    String id = words[0].replaceFirst("(?i)\\.jpe?g$", "");
    if (words.length != 2 || !isId(id) || !words[1].matches("[0-9]{1,3}")) {
      throw new IllegalArgumentException("is no file and class from 0 to 999");
    }
    add(entries, id, new Entry(Integer.toString(Integer.parseInt(words[1])), List.of()));
  }

  private static boolean isId(String id) {
    return id.matches("ILSVRC2012_val_[0-9]{8}");
  }

  private static List<Box> annotated(Path root, String id) throws DataSetException {
    for (String folder :
        List.of("val", "bbox", "Annotations", "Annotations/CLS-LOC/val", "bbox/val")) {
      Path file = SmallFiles.inside(root, folder, id + ".xml");
      if (Files.exists(file)) {
        return AnnotationXml.read(file, "name").stream().map(LabelledBox::box).toList();
      }
    }
    return List.of();
  }
}
