package io.sscam.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Pictures with an XML file each, chosen by a list: PASCAL VOC and Stanford 40 Actions.
 *
 * @param name of the data set
 * @param annotations the folder of the XML files
 * @param lists the folder of the splits
 * @param suffix how a split's file ends
 * @param nameField what names an object's class
 */
record AnnotatedFolder(
    String name, String annotations, String lists, String suffix, String nameField) {

  /** Everingham et al., "The PASCAL Visual Object Classes Challenge 2007". */
  static final AnnotatedFolder VOC =
      new AnnotatedFolder("PASCAL VOC", "Annotations", "ImageSets/Main", ".txt", "name");

  /** Yao et al., "Human Action Recognition by Learning Bases of Action Attributes", ICCV 2011. */
  static final AnnotatedFolder STANFORD_40 =
      new AnnotatedFolder("Stanford 40", "XMLAnnotations", "ImageSplits", ".txt", "action");

  private static final String PICTURES = "JPEGImages";

  /** Whether a folder looks like it. */
  boolean matches(Path root) {
    return Files.isDirectory(root.resolve(PICTURES))
        && Files.isDirectory(root.resolve(annotations));
  }

  /**
   * Reads the list and all annotations.
   *
   * @param split the list's name without its ending: {@code test}, {@code dog_val}
   * @throws DataSetException if the folder has no such list
   */
  DataSet read(Path root, String split) throws DataSetException {
    Path list;
    try {
      list = SmallFiles.inside(root, lists, split + suffix);
    } catch (DataSetException e) {
      throw new DataSetException("split " + e.getMessage(), e);
    }
    if (!Files.exists(list)) {
      throw new DataSetException(
          "%s: there is no split \"%s\"; there are: %s".formatted(root, split, splits(root)));
    }
    List<Sample> samples = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    int number = 0;
    for (String line : SmallFiles.lines(list)) {
      number++;
      String[] words = line.strip().split("\\s+", -1);
      boolean absent = words.length == 2 && words[1].equals("-1"); // VOC's lists by class
      if (words[0].isEmpty() || absent) {
        continue;
      }
      String id = words[0].replaceFirst("(?i)\\.jpe?g$", "");
      try {
        Path picture = SmallFiles.inside(root, PICTURES, id + ".jpg");
        Path annotation = SmallFiles.inside(root, annotations, id + ".xml");
        if (!Files.exists(picture)) {
          problems.add(new Problem(id, "there is no picture " + PICTURES + "/" + id + ".jpg"));
        } else {
          samples.add(Folders.sample(id, picture, AnnotationXml.read(annotation, nameField)));
        }
      } catch (DataSetException e) {
        problems.add(Problem.of(list.getFileName() + " line " + number, e));
      }
    }
    return new DataSet(name, split, samples, problems);
  }

  private String splits(Path root) throws DataSetException {
    List<String> names = new ArrayList<>();
    for (Path file : Folders.files(root.resolve(lists), suffix)) {
      String split = file.getFileName().toString();
      names.add(split.substring(0, split.length() - suffix.length()));
    }
    if (names.isEmpty()) {
      return "none";
    }
    boolean many = names.size() > 12;
    return String.join(", ", many ? names.subList(0, 12) : names) + (many ? ", …" : "");
  }
}
