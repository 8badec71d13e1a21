package io.sscam.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A checkpoint of 400 kB under the name that its hash gives it, and a store for it. */
final class StoreFixture {
  final byte[] checkpoint;
  final CatalogueEntry entry;
  final Path folder;

  StoreFixture(Path folder) throws IOException {
    this.folder = folder;
    byte[] pickle =
        Pickles.pickle()
            .emptyOrderedDict()
            .string("w")
            .tensor("FloatStorage", "9", 100_000, 0, new long[] {100_000}, new long[] {1}, true)
            .op('s')
            .stop();
    checkpoint = Checkpoints.legacy(pickle, Map.of("9", new float[100_000]));
    Path file = Files.createTempFile(folder, "hash", "");
    String sha256 = Digests.sha256(Files.write(file, checkpoint));
    Files.delete(file);
    entry =
        new CatalogueEntry(
            "tiny", "tiny-" + sha256.substring(0, 8) + ".pth", 400_000, 500_000, "none");
  }

  WeightStore store(URI base) {
    return store(base, Duration.ofSeconds(20));
  }

  WeightStore store(URI base, Duration patience) {
    return new WeightStore(folder, base, List.of(entry), () -> ProxySelector.of(null), patience);
  }

  Path part() {
    return folder.resolve(entry.fileName() + ".part");
  }

  Path converted() {
    return folder.resolve(entry.convertedName());
  }

  /** Throws unless the download has become a whole file. */
  void requireConverted() {
    assertThat(converted()).exists();
    assertThat(part()).doesNotExist();
    try (WeightFile file = WeightFiles.open(converted())) {
      assertThat(file.read("w").data()).hasSize(100_000);
      assertThat(file.metadata()).containsKeys("source", "licence");
    }
  }
}
