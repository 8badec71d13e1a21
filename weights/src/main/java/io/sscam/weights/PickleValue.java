package io.sscam.weights;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a pickle can hold here, next to Java's own {@link String}, {@link Long}, {@link BigInteger},
 * {@link Double} and {@link Boolean}. None of these compares or prints its content: a pickle can
 * build a list that holds itself.
 */
interface PickleValue {

  /** Python's None. */
  enum None implements PickleValue {
    NONE
  }

  /** A tuple; never changed once made. */
  final class Tuple implements PickleValue {
    private final List<Object> items;

    Tuple(List<Object> items) {
      this.items = List.copyOf(items);
    }

    int size() {
      return items.size();
    }

    Object get(int index) {
      return items.get(index);
    }

    List<Object> items() {
      return items;
    }
  }

  /** A list. */
  final class PyList implements PickleValue {
    final List<Object> items = new ArrayList<>(0);
  }

  /** A dict or an OrderedDict, in its order. */
  final class Dict implements PickleValue {
    final Map<Object, Object> items = new LinkedHashMap<>();
  }

  /**
   * The elements behind one or several tensors.
   *
   * @param key names them inside the file
   * @param elements how many there are in all
   * @param viewOffset where a legacy view begins, in elements
   * @param viewElements how many elements of the storage the tensor may use
   */
  record Storage(DType dtype, String key, long elements, long viewOffset, long viewElements)
      implements PickleValue {}

  /** A tensor, or an empty shell that a later BUILD fills. */
  final class Tensor implements PickleValue {
    private @Nullable Layout layout;

    Tensor(@Nullable Layout layout) {
      this.layout = layout;
    }

    @Nullable Layout layout() {
      return layout;
    }

    void fill(Layout filled) {
      this.layout = filled;
    }
  }

  /** Which elements of a storage make up a tensor. */
  record Layout(Storage storage, long offset, Tuple size, Tuple stride) {}

  /** What a value is called in a message. */
  static String kind(Object value) {
    if (value instanceof String) {
      return "a string";
    }
    if (value instanceof Long || value instanceof BigInteger) {
      return "a whole number";
    }
    if (value instanceof Double) {
      return "a number";
    }
    if (value instanceof Boolean) {
      return "a truth value";
    }
    if (value instanceof Tuple || value instanceof PyList) {
      return "a list";
    }
    if (value instanceof Dict) {
      return "a dict";
    }
    if (value instanceof Tensor) {
      return "a tensor";
    }
    if (value instanceof Storage) {
      return "a bare storage";
    }
    return value instanceof None ? "None" : "a class";
  }
}
