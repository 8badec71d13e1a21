package io.sscam.kernels.cuda.driver;

import io.sscam.engine.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compiled kernels on disk, one file each, named by a hash of all that they were made from and
 * ended by a hash of themselves. A cache that cannot be read or written, or a file that was cut off
 * or changed, is no error: kernels are then compiled again.
 *
 * @param folder made when first written to
 */
public record CubinCache(Path folder) {
  private static final System.Logger LOG = System.getLogger(CubinCache.class.getName());
  private static final int HASH_BYTES = 32;
  private static final int LARGEST = 64 << 20;

  /** SHA-256 over source, headers, options and compiler, each with its length. */
  static String key(RuntimeCompiler.Source source, List<String> options, String compiler) {
    MessageDigest digest = sha256();
    add(digest, compiler);
    add(digest, source.name());
    add(digest, source.text());
    add(digest, String.valueOf(source.headers().size()));
    for (Map.Entry<String, String> header : source.headers().entrySet()) {
      add(digest, header.getKey());
      add(digest, header.getValue());
    }
    options.forEach(option -> add(digest, option));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }

  /** What was kept under a key; nothing if it is not there or not whole. */
  Optional<byte[]> find(String key) {
    Path file = file(key);
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
        return Optional.empty();
      }
      byte[] content = Files.readAllBytes(file);
      int length = content.length - HASH_BYTES;
      if (length < 1) {
        return Optional.empty();
      }
      byte[] image = Arrays.copyOf(content, length);
      byte[] hash = Arrays.copyOfRange(content, length, content.length);
      return Arrays.equals(hash, sha256().digest(image)) ? Optional.of(image) : Optional.empty();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "cannot read " + file, e);
      return Optional.empty();
    }
  }

  /** Keeps an image; other processes see all of it or nothing. */
  void keep(String key, byte[] image) {
    try {
      Files.createDirectories(folder);
      byte[] hash = sha256().digest(image);
      AtomicFile.replace(
          file(key),
          out -> {
            out.write(image);
            out.write(hash);
          });
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "cannot keep a compiled kernel in " + folder, e);
    }
  }

  private Path file(String key) {
    return folder.resolve(key + ".cubin");
  }
}
