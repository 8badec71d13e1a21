package io.sscam.kernels.software;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import jcuda.JCudaVersion;

/**
 * Runs {@code build.sh} where the sources are not those of the last build. The finished folder gets
 * its name in one step.
 */
final class SoftwareBuild {
  private SoftwareBuild() {}

  /** The folder of the four libraries, of the module in {@code module}. */
  static Path in(Path module) throws IOException {
    Path sources = module.resolve("src/test/cpp");
    Path operations = module.resolve("src/main/java/io/sscam/kernels/cuda/op");
    Path root = module.resolve("target/software-device");
    Path finished = root.resolve(hash(sources, operations));
    if (Files.isDirectory(finished)) {
      return finished;
    }
    Files.createDirectories(root);
    try (FileChannel file =
            FileChannel.open(
                root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = file.lock()) { // the compilers take all cores: one JVM builds, others wait
      if (!Files.isDirectory(finished)) {
        build(sources, root, finished);
      }
    }
    return finished;
  }

  private static void build(Path sources, Path root, Path finished) throws IOException {
    Path part = Files.createTempDirectory(root, "part");
    Path natives = Files.createTempDirectory(root, "natives");
    try {
      unpackNatives(natives);
      run(sources.resolve("build.sh").toString(), part.toString(), natives.toString());
      Files.move(part, finished, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      delete(part);
      delete(natives);
    }
  }

  /** What JCuda's natives import and the device does not have is made to fail loudly. */
  private static void unpackNatives(Path folder) throws IOException {
    for (String name : List.of("JCudaDriver", "JCublas2", "JCudnn", "JNvrtc")) {
      String file = "lib" + name + "-" + JCudaVersion.get() + "-linux-x86_64.so";
      try (InputStream in = JCudaVersion.class.getResourceAsStream("/lib/" + file)) {
        Files.copy(in, folder.resolve(file));
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Runs a command and answers what it printed; fails with that if it fails. */
  static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      int status = process.waitFor();
      if (status != 0) {
        throw new AssertionError(
            String.join(" ", command) + " ended with " + status + ":\n" + output);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return output;
  }

  /** Of everything that the device is made from, and of the processor's abilities that it uses. */
  private static String hash(Path sources, Path operations) throws IOException {
    try (Stream<Path> own = Files.list(sources);
        Stream<Path> kernels = Files.list(operations)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path file :
          Stream.concat(own, kernels)
              .filter(file -> !file.toString().endsWith(".java"))
              .filter(Files::isRegularFile)
              .sorted()
              .toList()) {
        digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(file));
      }
      digest.update(JCudaVersion.get().getBytes(StandardCharsets.UTF_8));
      digest.update((byte) (hasAvx2() ? 1 : 0));
      return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean hasAvx2() throws IOException {
    Path processor = Path.of("/proc/cpuinfo");
    return Files.isReadable(processor) && Files.readString(processor).contains(" avx2 ");
  }
}
