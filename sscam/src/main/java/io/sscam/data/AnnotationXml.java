package io.sscam.data;

import io.sscam.nets.Box;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Annotations in PASCAL VOC's XML: {@code annotation/object} with {@code name} (and {@code action}
 * in Stanford 40) and {@code bndbox} of xmin, ymin, xmax, ymax: pixels counted from 1, the last one
 * included. The text is in UTF-8, whatever the XML declares. A document type, and with it every
 * entity, is refused.
 */
final class AnnotationXml {
  private static final int LIMIT = 4 << 20;
  private static final int MOST_OBJECTS = 10_000;
  private static final int DEEPEST = 16;
  private static final double LARGEST = 1 << 20;

  /**
   * An object: its fields by path below {@code object}, such as {@code bndbox/xmin}. Only those
   * that are wanted: all paths of a file made for it would fill the memory.
   */
  private final Map<String, String> fields = new HashMap<>();

  private final List<LabelledBox> boxes = new ArrayList<>();
  private final Deque<String> path = new ArrayDeque<>();
  private final StringBuilder text = new StringBuilder();
  private final String nameField;
  private final Set<String> wanted;

  private AnnotationXml(String nameField) {
    this.nameField = nameField;
    this.wanted = Set.of(nameField, "bndbox/xmin", "bndbox/ymin", "bndbox/xmax", "bndbox/ymax");
  }

  /**
   * The objects of an annotation file.
   *
   * @param nameField what names an object's class: {@code name} or {@code action}
   * @throws DataSetException if it is missing or no such XML, in one line
   */
  static List<LabelledBox> read(Path file, String nameField) throws DataSetException {
    // The JDK's parser prints to the terminal when it meets broken bytes or a broken document type.
    String xml = SmallFiles.text(file, LIMIT);
    if (xml.contains("<!DOCTYPE")) {
      throw new DataSetException(
          file + ": has a document type, which annotations need not; take it out");
    }
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    try {
      XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(xml));
      return new AnnotationXml(nameField).read(reader);
    } catch (XMLStreamException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNumber();
      throw new DataSetException(file + ": is no well-formed XML (line " + line + ")", e);
    } catch (IllegalArgumentException e) {
      throw new DataSetException(file + ": " + e.getMessage(), e);
    } catch (RuntimeException e) { // the JDK's parser has thrown such on broken bytes
      throw new DataSetException(file + ": is no XML that can be read", e);
    }
  }

  private List<LabelledBox> read(XMLStreamReader reader) throws XMLStreamException {
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> start(reader.getLocalName());
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
            text.append(reader.getText());
        case XMLStreamConstants.END_ELEMENT -> end();
        default -> {} // comments and the like
      }
    }
    return List.copyOf(boxes);
  }

  private void start(String name) {
    if (path.isEmpty() && !name.equals("annotation")) {
      throw new IllegalArgumentException("is a <" + name + ">, not an <annotation>");
    }
    path.addLast(name);
    if (path.size() > DEEPEST) {
      throw new IllegalArgumentException("is nested more than " + DEEPEST + " deep");
    }
    text.setLength(0);
    if (isObject()) {
      fields.clear();
    }
  }

  private boolean isObject() {
    return path.size() == 2 && path.peekLast().equals("object");
  }

  private void end() {
    if (isObject()) {
      if (boxes.size() == MOST_OBJECTS) {
        throw new IllegalArgumentException("has more than " + MOST_OBJECTS + " objects");
      }
      boxes.add(object());
    } else if (path.size() == 3 || path.size() == 4) {
      field(List.copyOf(path));
    }
    path.removeLast();
    text.setLength(0);
  }

  /** The first counts: parts of a person have boxes too, but one level deeper. */
  private void field(List<String> names) {
    String field = String.join("/", names.subList(2, names.size()));
    if (names.get(1).equals("object") && wanted.contains(field)) {
      fields.putIfAbsent(field, text.toString().strip());
    }
  }

  private LabelledBox object() {
    String name = fields.getOrDefault(nameField, "");
    if (!OneLine.isName(name)) {
      throw new IllegalArgumentException(
          "object %d has no <%s> of 1 to 200 characters".formatted(boxes.size() + 1, nameField));
    }
    double x0 = number("xmin") - 1;
    double y0 = number("ymin") - 1;
    double x1 = number("xmax");
    double y1 = number("ymax");
    if (!(x0 < x1 && y0 < y1)) {
      throw new IllegalArgumentException(
          "the box of object %d (%s) is turned inside out".formatted(boxes.size() + 1, name));
    }
    return new LabelledBox(name, new Box(x0, y0, x1, y1));
  }

  private double number(String field) {
    String value = fields.getOrDefault("bndbox/" + field, "");
    try {
      double number = Double.parseDouble(value);
      if (Math.abs(number) <= LARGEST) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "object %d has <%s>%s</%s>, which is no pixel"
            .formatted(boxes.size() + 1, field, OneLine.word(value), field));
  }
}
