package io.sscam.kernels.cuda.driver;

import io.sscam.engine.backend.BackendUnavailableException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import jcuda.JCudaVersion;

/**
 * Loads JCuda's own natives from the class path. JCuda would extract them to fixed names in {@code
 * java.io.tmpdir} and load whatever lies there, be it another process's half-written file; here
 * they go to a folder that only this process knows, which is gone again once they are loaded.
 */
final class Natives implements AutoCloseable {
  private final Path folder;

  private Natives(Path folder) {
    this.folder = folder;
  }

  static Natives open() throws IOException {
    return new Natives(Files.createTempDirectory("sscam-jcuda"));
  }

  /**
   * Loads one native library.
   *
   * @param name such as {@code JCublas2}
   * @param linked the soname it is linked against
   * @param present the soname of what is loaded
   */
  void load(String name, String linked, String present) throws IOException {
    String file = "lib" + name + "-" + JCudaVersion.get() + "-linux-x86_64.so";
    byte[] content;
    try (InputStream in = JCudaVersion.class.getResourceAsStream("/lib/" + file)) {
      if (in == null) {
        throw new FileNotFoundException("/lib/" + file + " is not on the class path");
      }
      content = in.readAllBytes();
    }
    if (!linked.equals(present)) {
      SonameShift.shift(content, linked, present);
    }
    Path path = folder.resolve(file);
    Files.write(path, content);
    try {
      System.load(path.toString());
    } catch (UnsatisfiedLinkError e) {
      throw new BackendUnavailableException(
          "JCuda's " + name + " does not load: " + e.getMessage());
    }
  }

  /**
   * Runs the static initialiser of one of JCuda's classes, which finds its library in our folder,
   * loaded already.
   */
  void initialise(String className) {
    String before = System.getProperty("java.io.tmpdir");
    System.setProperty("java.io.tmpdir", folder.toString());
    try {
      Class.forName(className);
    } catch (ClassNotFoundException e) {
      throw new BackendUnavailableException(className + " is not on the class path");
    } finally {
      System.setProperty("java.io.tmpdir", before);
    }
  }

  @Override
  public void close() throws IOException {
    try (var files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
