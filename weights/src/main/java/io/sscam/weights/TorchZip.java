package io.sscam.weights;

import io.sscam.weights.PickleValue.Storage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The serialisation of PyTorch 1.6 and later: a zip file with {@code NAME/data.pkl} and one entry
 * {@code NAME/data/KEY} for each storage.
 */
final class TorchZip {
  private static final String PICKLE = "/data.pkl";

  private final String file;
  private final ByteSource bytes;
  private final Map<String, StoredZip.Entry> entries;
  private final String folder;

  private TorchZip(
      String file, ByteSource bytes, Map<String, StoredZip.Entry> entries, String folder) {
    this.file = file;
    this.bytes = bytes;
    this.entries = entries;
    this.folder = folder;
  }

  static TorchCheckpoint read(String file, ByteSource bytes) {
    Map<String, StoredZip.Entry> entries = StoredZip.entries(file, bytes);
    List<String> pickles = entries.keySet().stream().filter(n -> n.endsWith(PICKLE)).toList();
    if (pickles.size() != 1) {
      throw new WeightsException(
          file, "is a zip file without one data.pkl, not a checkpoint", TorchCheckpoint.MEND);
    }
    String pickle = pickles.get(0);
    String folder = pickle.substring(0, pickle.length() - PICKLE.length() + 1);
    TorchZip zip = new TorchZip(file, bytes, entries, folder);
    zip.requireStateDict();
    Object root = Unpickler.load(zip.pickle(pickle));
    return TorchCheckpoint.assemble(file, bytes, WeightFile.Format.TORCH_ZIP, root, zip::storage);
  }

  private void requireStateDict() {
    if (entries.containsKey(folder + "constants.pkl")) {
      throw new WeightsException(file, "is a TorchScript program", TorchCheckpoint.MEND);
    }
    StoredZip.Entry order = entries.get(folder + "byteorder");
    if (order != null) {
      long length = Math.min(16, order.size());
      String text =
          StandardCharsets.ISO_8859_1.decode(bytes.slice(order.offset(), length)).toString();
      if (!text.equals("little")) {
        throw new WeightsException(
            file, "was written in byte order " + Text.quote(text), TorchCheckpoint.MEND);
      }
    }
  }

  private PickleInput pickle(String name) {
    StoredZip.Entry entry = entries.get(name);
    if (entry == null || entry.size() > PickleInput.LONGEST) {
      throw new WeightsException(
          file, "its data.pkl is over " + PickleInput.LONGEST + " bytes", TorchCheckpoint.MEND);
    }
    if (!StoredZip.crcFits(bytes, entry)) {
      throw new WeightsException(
          file, "its data.pkl is damaged (its checksum differs)", TorchCheckpoint.MEND);
    }
    return new PickleInput(file, bytes.slice(entry.offset(), entry.size()));
  }

  private StoredZip.Entry storage(Storage storage) {
    StoredZip.Entry entry = entries.get(folder + "data/" + storage.key());
    String what = "storage " + Text.quote(storage.key());
    if (entry == null) {
      throw new WeightsException(file, what + " is missing", TorchCheckpoint.MEND);
    }
    int width = storage.dtype().bytes();
    if (entry.size() % width != 0 || entry.size() / width != storage.elements()) {
      throw new WeightsException(
          file,
          what
              + " has "
              + Text.count(entry.size(), "byte")
              + " where "
              + Text.count(storage.elements(), storage.dtype() + " element")
              + " belong",
          TorchCheckpoint.MEND);
    }
    return entry;
  }
}
