package io.sscam.weights;

import io.sscam.weights.PickleValue.Dict;
import io.sscam.weights.PickleValue.PyList;
import io.sscam.weights.PickleValue.Storage;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

/**
 * The serialisation before PyTorch 1.6: five pickles (magic number, protocol, system, the object
 * itself, the keys of its storages), then each storage as a count and its elements.
 *
 * <p>A storage's element type stands only with the tensors that use it, so the storages can be
 * walked only when the object is known.
 */
final class TorchLegacy {
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long PROTOCOL = 1001;

  private final String file;
  private final ByteSource bytes;
  private final Map<String, StoredZip.Entry> places = new HashMap<>();

  private TorchLegacy(String file, ByteSource bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  static TorchCheckpoint read(String file, ByteSource bytes) {
    TorchLegacy legacy = new TorchLegacy(file, bytes);
    PickleInput in =
        new PickleInput(file, bytes.slice(0, Math.min(bytes.size(), PickleInput.LONGEST)));
    legacy.requireMagic(in);
    StorageLog used = new StorageLog();
    Object root = Unpickler.load(in, used);
    Object keys = Unpickler.load(in);
    legacy.walk(in.position(), keys, used);
    return TorchCheckpoint.assemble(
        file, bytes, WeightFile.Format.TORCH_LEGACY, root, legacy::storage);
  }

  private void requireMagic(PickleInput in) {
    if (!MAGIC.equals(Unpickler.load(in))) {
      throw bad("is a pickle, but not a checkpoint");
    }
    if (!Long.valueOf(PROTOCOL).equals(Unpickler.load(in))) {
      throw bad("is a checkpoint of an unknown protocol");
    }
    if (!(Unpickler.load(in) instanceof Dict system)
        || !Boolean.TRUE.equals(system.items.get("little_endian"))) {
      throw bad("was not written on a little endian machine");
    }
  }

  /** Finds where each storage begins; together they must be the rest of the file. */
  private void walk(long start, Object keys, StorageLog used) {
    if (!(keys instanceof PyList list)) {
      throw bad("has no list of storages");
    }
    long at = start;
    for (Object item : list.items) {
      if (!(item instanceof String key)) {
        throw bad("has a storage key that is " + PickleValue.kind(item));
      }
      Storage storage = used.get(key);
      String what = "storage " + Text.quote(key);
      if (storage == null) {
        throw bad(what + " belongs to no tensor");
      }
      if (bytes.size() - at < 8) {
        throw bad("ends before " + what + ", it is truncated");
      }
      long elements = bytes.slice(at, 8).getLong();
      at += 8;
      if (elements != storage.elements()) {
        throw bad(what + " has " + elements + " elements, not " + storage.elements());
      }
      int width = storage.dtype().bytes();
      if (elements > (bytes.size() - at) / width) {
        throw bad("ends inside " + what + ", it is truncated");
      }
      if (places.put(key, new StoredZip.Entry(key, at, at, elements * width, 0)) != null) {
        throw bad(what + " is there twice");
      }
      at += elements * width;
    }
    if (at != bytes.size()) {
      throw bad(Text.count(bytes.size() - at, "byte") + " behind the last storage");
    }
  }

  private StoredZip.Entry storage(Storage storage) {
    StoredZip.Entry place = places.get(storage.key());
    if (place == null) {
      throw bad("storage " + Text.quote(storage.key()) + " is missing");
    }
    return place;
  }

  private WeightsException bad(String problem) {
    return new WeightsException(file, problem, TorchCheckpoint.MEND);
  }
}
