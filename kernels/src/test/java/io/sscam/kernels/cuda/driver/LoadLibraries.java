package io.sscam.kernels.cuda.driver;

import io.sscam.engine.backend.BackendUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Main program for tests: loads CUDA's libraries and tells how that went. */
final class LoadLibraries {
  private LoadLibraries() {}

  /** Searches the folders given, or as the process would; exit code 4: they do not load. */
  public static void main(String[] folders) throws IOException {
    try {
      List<Path> paths = Arrays.stream(folders).map(Path::of).toList();
      CudaLibraries libraries =
          paths.isEmpty() ? CudaLibraries.load() : CudaLibraries.load(new LibrarySearch(paths));
      for (VendorLibrary library : VendorLibrary.values()) {
        System.out.println(library + " " + libraries.file(library));
      }
      System.out.println("compiler " + libraries.hasCompiler());
      System.out.println("devices " + CudaContext.count());
      Files.readAllLines(Path.of("/proc/self/maps")).stream()
          .filter(line -> line.contains("libcudnn_"))
          .map(line -> "part " + line.replaceFirst(".* /", "/"))
          .distinct()
          .forEach(System.out::println);
    } catch (BackendUnavailableException e) {
      System.out.println("unavailable: " + e.getMessage());
      System.exit(4);
    }
  }
}
