package io.sscam.weights;

import io.sscam.weights.PickleValue.Storage;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The storages a pickle has named, by key. */
final class StorageLog {
  private final Map<String, Storage> storages = new HashMap<>();

  /**
   * Notes a storage.
   *
   * @return false if the key stands for a storage of another type or size already
   */
  boolean note(Storage storage) {
    Storage known = storages.putIfAbsent(storage.key(), storage);
    return known == null
        || (known.dtype() == storage.dtype() && known.elements() == storage.elements());
  }

  /** The storage of that key, or null if none was named. */
  @Nullable Storage get(String key) {
    return storages.get(key);
  }
}
