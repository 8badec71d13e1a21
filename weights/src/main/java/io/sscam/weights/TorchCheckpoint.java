package io.sscam.weights;

import io.sscam.weights.PickleValue.Layout;
import io.sscam.weights.PickleValue.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A PyTorch checkpoint that holds a state dict, in either serialisation: the zip file of PyTorch
 * 1.6 and later, or the stream of pickles before it. Read in pure Java by a closed-world unpickler,
 * so a hostile file can do nothing but be refused.
 *
 * <p>A state dict wrapped as {@code {"state_dict": …}}, {@code "model_state_dict"} or {@code
 * "model"} is found; names are brought to torchvision's form by {@link KeyNames}. Tensors that
 * share a storage, or lie in it with strides, come out in C order.
 */
public final class TorchCheckpoint extends StoredTensors {
  static final String MEND =
      "save it again in Python as torch.save(model.state_dict(), file), or get it from a source you"
          + " trust";

  private final Format format;
  private final Map<String, StoredZip.Entry> unchecked;

  /**
   * Joins the parts.
   *
   * @param entries the zip entry behind each tensor; its checksum is tested at the first read
   */
  private TorchCheckpoint(
      String file,
      ByteSource bytes,
      Format format,
      Map<String, StoredTensor> tensors,
      Map<String, StoredZip.Entry> entries) {
    super(file, bytes, tensors);
    this.format = format;
    this.unchecked = new ConcurrentHashMap<>(entries);
  }

  /**
   * Opens a checkpoint, whichever of the two serialisations it has.
   *
   * @throws WeightsException if it cannot be read, is damaged, or holds anything but a state dict
   */
  public static TorchCheckpoint open(Path path) {
    InputFiles.requireRegular(path);
    try {
      return of(path.toString(), ByteSource.map(path));
    } catch (IOException e) {
      throw WeightsException.io(path.toString(), "cannot be read", e);
    }
  }

  /** Reads a checkpoint that is already in memory; the bytes are shared, not copied. */
  public static TorchCheckpoint of(ByteBuffer bytes, String nameForErrors) {
    return of(nameForErrors, ByteSource.of(bytes));
  }

  private static TorchCheckpoint of(String file, ByteSource bytes) {
    boolean zip = bytes.size() >= 2 && bytes.slice(0, 2).getShort() == 0x4b50; // "PK"
    return zip ? TorchZip.read(file, bytes) : TorchLegacy.read(file, bytes);
  }

  /**
   * Makes a checkpoint from what a serialisation has found.
   *
   * @param root what its pickle holds
   * @param storages finds each storage in the file
   */
  static TorchCheckpoint assemble(
      String file, ByteSource bytes, Format format, Object root, Storages storages) {
    Map<String, Layout> layouts = StateDict.find(file, root);
    StateDict state = new StateDict(file, bytes.size());
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    Map<String, StoredZip.Entry> entries = new LinkedHashMap<>();
    KeyNames.canonical(layouts.keySet())
        .forEach(
            (name, original) -> {
              Layout layout = layouts.get(original);
              if (layout == null) {
                throw new IllegalStateException(original);
              }
              StoredZip.Entry place = storages.find(layout.storage());
              tensors.put(name, state.place(name, layout, place.offset()));
              entries.put(name, place);
            });
    return new TorchCheckpoint(
        file, bytes, format, tensors, format == Format.TORCH_ZIP ? entries : Map.of());
  }

  /** Where a serialisation keeps its storages. */
  interface Storages {
    /** Throws unless the storage is there in full length. */
    StoredZip.Entry find(Storage storage);
  }

  @Override
  public Format format() {
    return format;
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  void beforeRead(String name) {
    StoredZip.Entry entry = unchecked.get(name);
    if (entry == null) {
      return;
    }
    if (!StoredZip.crcFits(bytes(), entry)) {
      throw WeightsException.tensor(file(), name, "is damaged (its checksum differs)", MEND);
    }
    unchecked.values().removeAll(Set.of(entry));
  }
}
