package io.sscam.nets;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The names of a network's classes, by index, and the way from what a person types to an index. */
public final class ClassNames {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_NAME = 200;
  private static final int SHOWN = 8;

  private final List<String> names;
  private final List<String> plain; // the names as they are compared

  private ClassNames(List<String> names) {
    this.names = List.copyOf(names);
    this.plain = this.names.stream().map(ClassNames::plain).toList();
  }

  /**
   * Names in the order of their classes. A name may stand twice, as ImageNet's do in some lists.
   *
   * @throws IllegalArgumentException if there are none, or one is blank or over 200 characters
   */
  public static ClassNames of(List<String> names) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException("there are no class names");
    }
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name.isBlank() || name.length() > MAX_NAME) {
        throw new IllegalArgumentException(
            "line %d: a class name has 1 to %d characters".formatted(i + 1, MAX_NAME));
      }
    }
    return new ClassNames(names.stream().map(String::strip).toList());
  }

  /** The 1000 classes of ImageNet-1k in torchvision's order: 0 is tench, 999 toilet tissue. */
  public static ClassNames imagenet() {
    try (InputStream in = ClassNames.class.getResourceAsStream("imagenet_classes.txt")) {
      return parse(Objects.requireNonNull(in, "imagenet_classes.txt").readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException("imagenet_classes.txt in the jar cannot be read", e);
    }
  }

  /**
   * Names for a network whose classes nobody named: {@code class 0}, {@code class 1}, …
   *
   * @throws IllegalArgumentException if {@code classes} is below 1
   */
  public static ClassNames numbered(int classes) {
    return of(IntStream.range(0, classes).mapToObj(i -> "class " + i).toList());
  }

  /**
   * Reads a names file: UTF-8, line i (from 0) is the name of class i, at most 1 MiB.
   *
   * @throws IOException if the file cannot be read or is no such list; the message names file,
   *     cause and mend
   */
  public static ClassNames read(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw new IOException(
          file + " cannot be read; give a text file with one class name a line", e);
    }
    try {
      return parse(bytes);
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw new IOException(
          "%s is no list of class names: %s; give a text file with one class name a line"
              .formatted(
                  file, e instanceof CharacterCodingException ? "not UTF-8" : e.getMessage()),
          e);
    }
  }

  private static ClassNames parse(byte[] bytes) throws CharacterCodingException {
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException("over 1 MiB");
    }
    String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    if (text.startsWith("\uFEFF")) {
      text = text.substring(1); // a byte order mark, as Windows editors write
    }
    List<String> lines = new ArrayList<>(text.lines().toList());
    while (!lines.isEmpty() && lines.get(lines.size() - 1).isBlank()) {
      lines.remove(lines.size() - 1);
    }
    return of(lines);
  }

  /** How many classes there are. */
  public int size() {
    return names.size();
  }

  /**
   * The name of a class.
   *
   * @throws IndexOutOfBoundsException if there is no such class
   */
  public String name(int index) {
    return names.get(index);
  }

  /** All names, by index. */
  public List<String> names() {
    return names;
  }

  /**
   * The class that a person means: its index; or its name to the letter; or its name, where
   * capitals do not count and spaces, underscores and hyphens are equal; or a part of one name
   * only.
   *
   * @throws IllegalArgumentException if that is no class or several; the message shows up to 8 that
   *     may have been meant
   */
  public int find(String query) {
    String text = query.strip();
    if (text.matches("[0-9]{1,9}")) {
      int index = Integer.parseInt(text);
      if (index >= names.size()) {
        throw new IllegalArgumentException(
            "there is no class %d: the classes are 0 to %d".formatted(index, names.size() - 1));
      }
      return index;
    }
    String wanted = plain(text);
    if (wanted.isEmpty()) {
      throw new IllegalArgumentException("an empty text names no class; give an index or a name");
    }
    int[] found = matches(i -> names.get(i).equals(text)); // Cardigan the dog, cardigan the jacket
    if (found.length == 0) {
      found = matches(i -> plain.get(i).equals(wanted));
    }
    if (found.length == 0) {
      found = matches(i -> plain.get(i).contains(wanted));
    }
    if (found.length == 1) {
      return found[0];
    }
    if (found.length == 0) {
      throw new IllegalArgumentException(
          "no class is called \"%s\"; did you mean %s?".formatted(text, list(nearest(wanted))));
    }
    String more = found.length > SHOWN ? " and %d more".formatted(found.length - SHOWN) : "";
    throw new IllegalArgumentException(
        "\"%s\" fits %d classes: %s%s; give the index or the full name"
            .formatted(text, found.length, list(found), more));
  }

  private int[] matches(IntPredicate fits) {
    return IntStream.range(0, names.size()).filter(fits).toArray();
  }

  private String list(int[] indices) {
    return IntStream.of(indices)
        .limit(SHOWN)
        .mapToObj(i -> "%s (%d)".formatted(names.get(i), i))
        .collect(Collectors.joining(", "));
  }

  private int[] nearest(String wanted) {
    String capped = wanted.substring(0, Math.min(wanted.length(), MAX_NAME));
    int[] distances = plain.stream().mapToInt(name -> distance(capped, name)).toArray();
    return IntStream.range(0, names.size())
        .boxed()
        .sorted(Comparator.comparingInt(i -> distances[i]))
        .limit(SHOWN)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** The edit distance to the name or to its nearest word, whichever is smaller. */
  private static int distance(String wanted, String name) {
    int best = 2 * levenshtein(wanted, name);
    for (String word : name.split(" ", -1)) {
      best = Math.min(best, 2 * levenshtein(wanted, word) + 1);
    }
    return best;
  }

  private static int levenshtein(String a, String b) {
    int[] row = IntStream.rangeClosed(0, b.length()).toArray();
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]+", " ").strip();
  }
}
