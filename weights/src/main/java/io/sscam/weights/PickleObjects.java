package io.sscam.weights;

import io.sscam.weights.PickleValue.Dict;
import io.sscam.weights.PickleValue.Layout;
import io.sscam.weights.PickleValue.None;
import io.sscam.weights.PickleValue.PyList;
import io.sscam.weights.PickleValue.Storage;
import io.sscam.weights.PickleValue.Tensor;
import io.sscam.weights.PickleValue.Tuple;
import java.util.List;

/** What the allowed Python names do when a pickle calls them, in Java. */
final class PickleObjects {
  /** Items copied by calls: few bytes of pickle could otherwise copy one long list many times. */
  private static final int MOST_COPIED = 1_000_000;

  private final PickleInput in;
  private final StorageLog storages;
  private int copied;

  PickleObjects(PickleInput in, StorageLog storages) {
    this.in = in;
    this.storages = storages;
  }

  /** The call {@code global(*arguments)}. */
  Object call(Object global, Object arguments) {
    if (!(global instanceof PickleGlobal callee) || !(arguments instanceof Tuple args)) {
      throw in.bad(
          "a call of " + PickleValue.kind(global) + " with " + PickleValue.kind(arguments));
    }
    return switch (callee.kind()) {
      case ORDERED_DICT -> orderedDict(args);
      case SIZE -> size(args);
      case REBUILD_TENSOR -> rebuild(args);
      case REBUILD_PARAMETER, PARAMETER -> parameter(args);
      case TENSOR_CLASS -> shell(args);
      case STORAGE_CLASS -> throw in.bad("a storage that is made without its elements");
    };
  }

  /** The persistent id {@code ('storage', class, key, location, elements[, view])}. */
  Storage storage(Object id) {
    Storage storage = parseStorage(id);
    if (!storages.note(storage)) {
      throw in.bad("two types or sizes for storage " + Text.quote(storage.key()));
    }
    return storage;
  }

  private Storage parseStorage(Object id) {
    if (!(id instanceof Tuple tuple)
        || tuple.size() < 5
        || tuple.size() > 6
        || !"storage".equals(tuple.get(0))
        || !(tuple.get(1) instanceof PickleGlobal global)
        || global.dtype() == null
        || global.kind() != PickleGlobal.Kind.STORAGE_CLASS
        || !(tuple.get(2) instanceof String key)) {
      throw in.bad("a reference that is not to a storage");
    }
    long elements = number(tuple.get(4), "storage size");
    if (tuple.size() == 5 || tuple.get(5) == None.NONE) {
      return new Storage(global.dtype(), key, elements, 0, elements);
    }
    // Before 0.4 a storage could be a part of another one: (key of the view, offset, elements).
    if (!(tuple.get(5) instanceof Tuple view) || view.size() != 3) {
      throw in.bad("a storage view of unknown form");
    }
    long offset = number(view.get(1), "view offset");
    long length = number(view.get(2), "view size");
    if (offset > elements || length > elements - offset) {
      throw in.bad("a storage view beyond its storage");
    }
    return new Storage(global.dtype(), key, elements, offset, length);
  }

  /** Python's {@code __setstate__}: attributes are dropped, an empty tensor gets its elements. */
  void build(Object target, Object state) {
    if (target instanceof Dict && (state instanceof Dict || state == None.NONE)) {
      return; // _metadata of a state dict: version numbers of modules
    }
    if (target instanceof Tensor tensor && state instanceof Tuple tuple) {
      if (tuple.size() == 3) {
        return; // a Parameter of PyTorch 0.1: requires_grad, volatile, hooks
      }
      if (tuple.size() == 4 && tuple.get(0) instanceof Storage) {
        tensor.fill(layout(tuple));
        return;
      }
      if (tuple.size() == 5 && tuple.get(0) instanceof Tensor data && data.layout() != null) {
        tensor.fill(data.layout());
        return;
      }
    }
    throw in.bad("a state of unknown form for " + PickleValue.kind(target));
  }

  private Dict orderedDict(Tuple args) {
    Dict dict = new Dict();
    if (args.size() == 0) {
      return dict;
    }
    // Python 2 passes the items as a list of pairs.
    if (args.size() != 1) {
      throw in.bad("an OrderedDict of unknown form");
    }
    for (Object pair : items(args.get(0), "OrderedDict")) {
      List<Object> keyAndValue = items(pair, "OrderedDict");
      if (keyAndValue.size() != 2) {
        throw in.bad("an OrderedDict with an item that is no pair");
      }
      put(dict, keyAndValue.get(0), keyAndValue.get(1));
    }
    return dict;
  }

  /** Adds an item; a key that is there already is an error, as it would hide a tensor. */
  void put(Dict dict, Object key, Object value) {
    // Only plain keys: hashing a tuple would follow whatever the file has built.
    if (!(key instanceof String
        || key instanceof Long
        || key instanceof Double
        || key instanceof Boolean
        || key == None.NONE)) {
      throw in.bad("a dict with " + PickleValue.kind(key) + " as a key");
    }
    if (dict.items.put(key, value) != null) {
      throw in.bad("the key " + Text.quote(key.toString()) + " twice");
    }
  }

  private Tuple size(Tuple args) {
    if (args.size() != 1) {
      throw in.bad("a torch.Size of unknown form");
    }
    return new Tuple(items(args.get(0), "torch.Size"));
  }

  private Tensor rebuild(Tuple args) {
    // v1 ends after the stride; v2 adds requires_grad, hooks and at times metadata.
    if (args.size() < 4 || args.size() > 7) {
      throw in.bad("a tensor of unknown form");
    }
    return new Tensor(layout(args));
  }

  private Layout layout(Tuple args) {
    if (!(args.get(0) instanceof Storage storage)) {
      throw in.bad("a tensor over " + PickleValue.kind(args.get(0)) + " instead of a storage");
    }
    if (!(args.get(2) instanceof Tuple size) || !(args.get(3) instanceof Tuple stride)) {
      throw in.bad("a tensor whose size or stride is no tuple");
    }
    return new Layout(storage, number(args.get(1), "tensor offset"), size, stride);
  }

  private Tensor parameter(Tuple args) {
    if (args.size() == 0) {
      return new Tensor(null);
    }
    if (args.size() > 3 || !(args.get(0) instanceof Tensor data)) {
      throw in.bad("a parameter of unknown form");
    }
    return data;
  }

  private Tensor shell(Tuple args) {
    if (args.size() != 0) {
      throw in.bad("a tensor class called with arguments");
    }
    return new Tensor(null);
  }

  private List<Object> items(Object value, String what) {
    List<Object> items;
    if (value instanceof PyList list) {
      items = list.items;
    } else if (value instanceof Tuple tuple) {
      items = tuple.items();
    } else {
      throw in.bad("an " + what + " made from " + PickleValue.kind(value));
    }
    if (items.size() > MOST_COPIED - copied) {
      throw in.bad("more than " + MOST_COPIED + " items passed to calls");
    }
    copied += items.size();
    return items;
  }

  /** A count or distance: a whole number that is not negative. */
  long number(Object value, String what) {
    if (!(value instanceof Long number)) {
      throw in.bad("a " + what + " that is " + PickleValue.kind(value));
    }
    if (number < 0) {
      throw in.bad("the negative " + what + " " + number);
    }
    return number;
  }
}
