package io.sscam.weights;

import io.sscam.engine.file.AtomicFile;
import io.sscam.engine.file.CacheDirectory;
import io.sscam.weights.ProgressListener.Stage;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The weights a user has fetched, in one folder. A file is downloaded once, checked against the
 * hash in its name and converted to safetensors beside it; a converted file is always a whole one.
 * Threads and processes may pull at the same time.
 */
public final class WeightStore {
  /** Overrides the address to fetch from; {@code https}, or {@code http} on this machine. */
  public static final String BASE_URL_PROPERTY = "sscam.weights.baseUrl";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path directory;
  private final URI base;
  private final List<CatalogueEntry> entries;
  private final Supplier<ProxySelector> proxies;
  private final Duration patience;

  /**
   * One line of the list.
   *
   * @param entry what can be fetched
   * @param file the converted file, once it has been fetched
   */
  public record Stored(CatalogueEntry entry, Optional<Path> file) {}

  /**
   * A store of any place.
   *
   * @param directory made when it is needed
   * @param base where the files of the entries lie; {@code https}, or {@code http} on this machine
   * @throws WeightsException if the address is neither of the two
   */
  public WeightStore(Path directory, URI base, List<CatalogueEntry> entries) {
    // Only a pull needs the proxy: a wrong setting of it must not keep anyone from what is here.
    this(directory, base, entries, ProxyRules::standard, PATIENCE);
  }

  WeightStore(
      Path directory,
      URI base,
      List<CatalogueEntry> entries,
      Supplier<ProxySelector> proxies,
      Duration patience) {
    this.directory = directory;
    String address = TrustedUris.require(base).toString();
    this.base = address.endsWith("/") ? base : URI.create(address + "/");
    this.entries = List.copyOf(entries);
    this.proxies = proxies;
    this.patience = patience;
  }

  /**
   * The present user's store of the {@link Catalogue}: in {@code $SSCAM_CACHE}, or else where the
   * platform keeps caches.
   */
  public static WeightStore standard() {
    String override = System.getProperty(BASE_URL_PROPERTY, "");
    return new WeightStore(
        CacheDirectory.standard(),
        override.isEmpty() ? Catalogue.OFFICIAL : parse(override),
        Catalogue.entries());
  }

  private static URI parse(String address) {
    try {
      return URI.create(address);
    } catch (IllegalArgumentException e) {
      throw new WeightsException(
          BASE_URL_PROPERTY, "is not an address", "set it to one that begins with https://", e);
    }
  }

  /** The folder of the store. */
  public Path directory() {
    return directory;
  }

  /** The converted file of that name, if it has been fetched. */
  public Optional<Path> find(String name) {
    return entries.stream()
        .filter(entry -> entry.name().equals(name))
        .map(this::converted)
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /** Everything that can be fetched, and what has been. */
  public List<Stored> list() {
    return entries.stream().map(entry -> new Stored(entry, find(entry.name()))).toList();
  }

  /**
   * Fetches, checks and converts, unless that has been done. An interrupted download goes on where
   * it ended when it is pulled again.
   *
   * @return the converted file
   * @throws WeightsException if the file cannot be had, or is not the one its name promises
   */
  public Path pull(CatalogueEntry entry, ProgressListener listener) {
    Path converted = converted(entry);
    if (Files.isRegularFile(converted)) {
      return converted;
    }
    try {
      Files.createDirectories(directory);
      StoreLock lock = StoreLock.acquire(directory.resolve(entry.fileName() + ".lock"), listener);
      try {
        if (!Files.isRegularFile(converted)) {
          fetchAndConvert(entry, converted, listener);
        }
      } finally {
        lock.close();
      }
      return converted;
    } catch (IOException e) {
      throw WeightsException.io(directory.toString(), "the weights cannot be stored there", e);
    }
  }

  private void fetchAndConvert(CatalogueEntry entry, Path converted, ProgressListener listener)
      throws IOException {
    Path checkpoint = directory.resolve(entry.fileName());
    if (!Files.isRegularFile(checkpoint) || !hashFits(entry, checkpoint, listener)) {
      Path part = directory.resolve(entry.fileName() + ".part");
      fetchChecked(entry, part, listener);
      AtomicFile.move(part, checkpoint);
    }
    listener.progress(Stage.CONVERTING, 0, -1);
    WeightFiles.convert(
        checkpoint,
        converted,
        Map.of("source", source(entry).toString(), "licence", entry.licence()));
  }

  private void fetchChecked(CatalogueEntry entry, Path part, ProgressListener listener)
      throws IOException {
    Download download = new Download(proxies.get(), patience);
    URI uri = source(entry);
    boolean resumed = download.fetch(uri, part, entry.limitBytes(), listener);
    if (hashFits(entry, part, listener)) {
      return;
    }
    Files.delete(part);
    if (resumed) {
      // The beginning may have been of another file; the whole of it, fetched now, decides.
      download.fetch(uri, part, entry.limitBytes(), listener);
      if (hashFits(entry, part, listener)) {
        return;
      }
      Files.delete(part);
    }
    throw new WeightsException(
        uri.toString(),
        "what the server sent has not the hash that its name promises ("
            + entry.hashPrefix()
            + "), it has been deleted",
        "try again later or from another network");
  }

  private static boolean hashFits(CatalogueEntry entry, Path file, ProgressListener listener)
      throws IOException {
    long size = Files.size(file);
    listener.progress(Stage.CHECKING, 0, size);
    boolean fits = Digests.sha256(file).startsWith(entry.hashPrefix());
    listener.progress(Stage.CHECKING, size, size);
    return fits;
  }

  private URI source(CatalogueEntry entry) {
    return base.resolve(entry.fileName());
  }

  private Path converted(CatalogueEntry entry) {
    return directory.resolve(entry.convertedName());
  }
}
