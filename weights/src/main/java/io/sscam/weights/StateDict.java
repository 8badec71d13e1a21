package io.sscam.weights;

import io.sscam.engine.Shape;
import io.sscam.weights.PickleValue.Dict;
import io.sscam.weights.PickleValue.Layout;
import io.sscam.weights.PickleValue.Storage;
import io.sscam.weights.PickleValue.Tensor;
import io.sscam.weights.PickleValue.Tuple;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the tensors in what a checkpoint's pickle holds and checks that each has its elements. */
final class StateDict {
  private static final List<String> WRAPPERS = List.of("state_dict", "model_state_dict", "model");
  private static final int MOST_AXES = 16;

  // A tensor can repeat its storage (stride 0), so a small file could claim a huge tensor. What
  // networks store never does by much.
  private static final long ALWAYS_ALLOWED = 1L << 20;

  private final String file;
  private final long fileBytes;
  private long elements;

  StateDict(String file, long fileBytes) {
    this.file = file;
    this.fileBytes = fileBytes;
  }

  /** The tensors by name: those of the state dict itself, or of one wrapped in a checkpoint. */
  static Map<String, Layout> find(String file, Object root) {
    if (!(root instanceof Dict dict)) {
      throw new WeightsException(
          file, "holds " + PickleValue.kind(root) + ", not a state dict", TorchCheckpoint.MEND);
    }
    for (String wrapper : WRAPPERS) {
      if (dict.items.get(wrapper) instanceof Dict inner) {
        return tensors(file, inner);
      }
    }
    return tensors(file, dict);
  }

  private static Map<String, Layout> tensors(String file, Dict dict) {
    Map<String, Layout> found = new LinkedHashMap<>();
    dict.items.forEach(
        (key, value) -> {
          if (!(key instanceof String name)
              || !(value instanceof Tensor tensor)
              || tensor.layout() == null) {
            throw new WeightsException(
                file,
                "the entry "
                    + Text.quote(String.valueOf(key))
                    + " holds "
                    + PickleValue.kind(value)
                    + " where a named tensor belongs",
                TorchCheckpoint.MEND);
          }
          found.put(name, tensor.layout());
        });
    if (found.isEmpty()) {
      throw new WeightsException(file, "holds no tensor", TorchCheckpoint.MEND);
    }
    return found;
  }

  /**
   * Places a tensor in the file.
   *
   * @param storageOffset where its storage begins in the file
   * @throws WeightsException if it reaches outside its storage
   */
  StoredTensor place(String name, Layout layout, long storageOffset) {
    Storage storage = layout.storage();
    Shape shape = shape(name, layout.size());
    Strides strides = strides(name, layout.stride());
    if (strides.rank() != shape.rank()) {
      throw bad(name, "has " + shape.rank() + " extents and " + strides.rank() + " strides");
    }
    requireInside(name, layout, shape, strides);
    elements += shape.elements();
    if (shape.elements() > Math.max(ALWAYS_ALLOWED, storage.elements())
        || elements > 4 * fileBytes + 16 * ALWAYS_ALLOWED) {
      throw bad(name, "is larger (" + shape + ") than what the file holds");
    }
    long first = storage.viewOffset() + layout.offset();
    return new StoredTensor(
        storage.dtype(), shape, storageOffset + first * storage.dtype().bytes(), strides);
  }

  private void requireInside(String name, Layout layout, Shape shape, Strides strides) {
    long available = layout.storage().viewElements();
    try {
      long span = shape.elements() == 0 ? 0 : Math.addExact(strides.lastIndex(shape), 1L);
      long end = Math.addExact(layout.offset(), span);
      if (end <= available) {
        return;
      }
    } catch (ArithmeticException e) {
      // An end that cannot be counted is outside as well.
    }
    throw bad(name, "reaches outside its storage of " + Text.count(available, "element"));
  }

  private Shape shape(String name, Tuple size) {
    int[] dims = new int[axes(name, size)];
    for (int i = 0; i < dims.length; i++) {
      long dim = number(name, size.get(i), "extent");
      if (dim > Integer.MAX_VALUE) {
        throw bad(name, "has the extent " + dim + ", which is too large");
      }
      dims[i] = (int) dim;
    }
    try {
      return Shape.of(dims);
    } catch (ArithmeticException e) {
      throw bad(name, "has more elements than can be counted");
    }
  }

  private Strides strides(String name, Tuple stride) {
    long[] steps = new long[axes(name, stride)];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = number(name, stride.get(i), "stride");
    }
    return Strides.of(steps);
  }

  private int axes(String name, Tuple numbers) {
    if (numbers.size() > MOST_AXES) {
      throw bad(name, "has " + numbers.size() + " axes (at most " + MOST_AXES + ")");
    }
    return numbers.size();
  }

  private long number(String name, Object value, String what) {
    if (!(value instanceof Long number)) {
      throw bad(name, "has " + PickleValue.kind(value) + " as " + what);
    }
    if (number < 0) {
      throw bad(name, "has the negative " + what + " " + number);
    }
    return number;
  }

  private WeightsException bad(String name, String problem) {
    return WeightsException.tensor(file, name, problem, TorchCheckpoint.MEND);
  }
}
