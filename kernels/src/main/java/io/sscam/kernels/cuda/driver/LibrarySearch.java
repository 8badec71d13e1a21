package io.sscam.kernels.cuda.driver;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where CUDA's libraries may lie: the folders that the user names, then the loader's, then those of
 * the CUDA toolkit, of the system and of Python's packages.
 *
 * @param folders in the order of the search
 */
record LibrarySearch(List<Path> folders) {
  /** System property and environment variable, folders separated as in PATH. */
  static final String PROPERTY = "sscam.cuda.path";

  static final String VARIABLE = "SSCAM_CUDA_PATH";

  private static final List<String> SYSTEM =
      List.of(
          "/usr/lib/x86_64-linux-gnu",
          "/usr/lib64",
          "/usr/lib",
          "/usr/lib/wsl/lib",
          "/usr/local/nvidia/lib64",
          "/usr/local/cuda/lib64",
          "/usr/local/cuda/compat",
          "/opt/cuda/lib64");

  LibrarySearch {
    folders = List.copyOf(folders);
  }

  /** The search of this process. */
  static LibrarySearch ofProcess() {
    return of(System.getProperty(PROPERTY, ""), System.getenv());
  }

  static LibrarySearch of(String named, Map<String, String> environment) {
    Set<Path> folders = new LinkedHashSet<>();
    addAll(folders, named);
    addAll(folders, environment.getOrDefault(VARIABLE, ""));
    addAll(folders, environment.getOrDefault("LD_LIBRARY_PATH", ""));
    for (String folder : SYSTEM) {
      folders.add(Path.of(folder));
    }
    for (String prefix : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
      String root = environment.getOrDefault(prefix, "");
      if (!root.isEmpty()) {
        addPython(folders, Path.of(root, "lib"));
        folders.add(Path.of(root, "lib"));
      }
    }
    String home = environment.getOrDefault("HOME", "");
    if (!home.isEmpty()) {
      addPython(folders, Path.of(home, ".local", "lib"));
    }
    addPython(folders, Path.of("/usr/local/lib"));
    addPython(folders, Path.of("/usr/lib"));
    return new LibrarySearch(new ArrayList<>(folders));
  }

  private static void addAll(Set<Path> folders, String list) {
    for (String folder : list.split(":", -1)) {
      if (!folder.isBlank()) {
        folders.add(Path.of(folder.strip()).toAbsolutePath());
      }
    }
  }

  /** lib/python3.x/(site|dist)-packages/nvidia/x/lib. */
  private static void addPython(Set<Path> folders, Path lib) {
    for (Path python : children(lib, "python3*")) {
      for (String packages : List.of("site-packages", "dist-packages")) {
        for (Path vendor : children(python.resolve(packages).resolve("nvidia"), "*")) {
          folders.add(vendor.resolve("lib"));
        }
      }
    }
  }

  private static List<Path> children(Path folder, String glob) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder, glob)) {
      children.forEach(found::add);
    } catch (IOException | DirectoryIteratorException e) {
      return List.of(); // not there, or not to be read: nothing to find in it
    }
    found.sort(null);
    return found;
  }

  /** The first file of one of the names, a name in all folders before the next name. */
  Optional<Path> find(List<String> names) {
    return names.stream()
        .flatMap(name -> folders.stream().map(folder -> folder.resolve(name)))
        .filter(Files::isRegularFile)
        .findFirst();
  }
}
