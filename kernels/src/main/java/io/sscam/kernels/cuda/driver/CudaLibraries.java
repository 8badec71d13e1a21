package io.sscam.kernels.cuda.driver;

import io.sscam.engine.backend.BackendUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds CUDA's libraries, loads them by their full paths and then JCuda's natives, whose needs are
 * met by what is loaded. Once a process.
 */
public final class CudaLibraries {
  private static final System.Logger LOG = System.getLogger(CudaLibraries.class.getName());

  /** What cuDNN's convolutions and poolings use, each before those that need it. */
  private static final List<String> CUDNN_PARTS =
      List.of(
          "graph",
          "ops",
          "cnn",
          "heuristic",
          "engines_precompiled",
          "engines_runtime_compiled",
          "engines_tensor_ir");

  private static @Nullable CudaLibraries loaded;

  /** What was found, by library. */
  private final Map<VendorLibrary, Path> files;

  private final boolean compiler;

  private CudaLibraries(Map<VendorLibrary, Path> files, boolean compiler) {
    this.files = files;
    this.compiler = compiler;
  }

  /**
   * Loads what the engine needs: driver, cuBLAS, cuDNN, and NVRTC if it is there.
   *
   * @throws BackendUnavailableException naming the first that is missing and the mend
   */
  public static synchronized CudaLibraries load() {
    if (loaded == null) {
      checkPlatform();
      loaded = load(LibrarySearch.ofProcess());
    }
    return loaded;
  }

  private static void checkPlatform() {
    String os = System.getProperty("os.name", "");
    String architecture = System.getProperty("os.arch", "");
    if (!os.startsWith("Linux") || !architecture.equals("amd64")) {
      throw new BackendUnavailableException(
          "CUDA is served on 64-bit x86 Linux only, and this is "
              + os
              + " on "
              + architecture
              + "; use --device cpu");
    }
  }

  /** Loads what a search finds. */
  static CudaLibraries load(LibrarySearch search) {
    Map<VendorLibrary, Path> files = new EnumMap<>(VendorLibrary.class);
    for (VendorLibrary library : VendorLibrary.values()) {
      Optional<Path> file = search.find(library.sonames());
      file.ifPresent(path -> files.put(library, path));
      if (file.isEmpty() && library != VendorLibrary.NVRTC) {
        throw new BackendUnavailableException(missing(library));
      }
    }
    try (Natives natives = Natives.open()) {
      open(VendorLibrary.DRIVER, files.get(VendorLibrary.DRIVER));
      natives.load("JCudaDriver", "", "");
      natives.initialise("jcuda.driver.JCudaDriver");
      openBeside(files, "libcublasLt.so");
      open(VendorLibrary.CUBLAS, files.get(VendorLibrary.CUBLAS));
      natives.load("JCublas2", "libcublas.so.12", soname(files, VendorLibrary.CUBLAS));
      natives.initialise("jcuda.jcublas.JCublas2");
      boolean compiler = loadCompiler(files, natives);
      open(VendorLibrary.CUDNN, files.get(VendorLibrary.CUDNN));
      openPartsOfCudnn(files.get(VendorLibrary.CUDNN));
      natives.load("JCudnn", "", "");
      natives.initialise("jcuda.jcudnn.JCudnn");
      return new CudaLibraries(files, compiler);
    } catch (IOException e) {
      throw new BackendUnavailableException(
          "JCuda's natives cannot be unpacked: " + e.getMessage());
    }
  }

  /** NVRTC is optional: only kernels compiled at run time need it. cuDNN too looks for it. */
  private static boolean loadCompiler(Map<VendorLibrary, Path> files, Natives natives)
      throws IOException {
    if (!files.containsKey(VendorLibrary.NVRTC)) {
      return false;
    }
    try {
      open(VendorLibrary.NVRTC, files.get(VendorLibrary.NVRTC));
      natives.load("JNvrtc", "libnvrtc.so.12", soname(files, VendorLibrary.NVRTC));
      natives.initialise("jcuda.nvrtc.JNvrtc");
      return true;
    } catch (BackendUnavailableException e) {
      LOG.log(System.Logger.Level.DEBUG, "NVRTC is left out", e);
      return false;
    }
  }

  private static void open(VendorLibrary library, @Nullable Path file) {
    try {
      System.load(String.valueOf(file));
    } catch (UnsatisfiedLinkError e) {
      throw new BackendUnavailableException(
          String.format(
              Locale.ROOT,
              "%s at %s does not load (%s): %s, or name the folder of another in %s",
              library.title(),
              file,
              e.getMessage(),
              library.mend(),
              LibrarySearch.VARIABLE));
    }
  }

  /** cuBLAS needs its sister, which the loader may not find where cuBLAS itself was named. */
  private static void openBeside(Map<VendorLibrary, Path> files, String stem) {
    Path cublas = files.get(VendorLibrary.CUBLAS);
    String soname = soname(files, VendorLibrary.CUBLAS);
    if (cublas == null) {
      return;
    }
    Path sister = cublas.resolveSibling(stem + soname.substring(soname.lastIndexOf('.')));
    if (sister.toFile().isFile()) {
      open(VendorLibrary.CUBLAS, sister);
    }
  }

  /**
   * cuDNN 9 loads its parts by name when it needs them, and the loader's own folders come before
   * cuDNN's: parts of another version there would end in a version mismatch. What is loaded already
   * is found first. A part that is not there or does not load is left to cuDNN.
   */
  private static void openPartsOfCudnn(@Nullable Path cudnn) {
    if (cudnn == null) {
      return;
    }
    for (String part : CUDNN_PARTS) {
      Path file = cudnn.resolveSibling("libcudnn_" + part + ".so.9");
      if (file.toFile().isFile()) {
        try {
          System.load(file.toString());
        } catch (UnsatisfiedLinkError e) {
          LOG.log(System.Logger.Level.DEBUG, "left to cuDNN: " + file, e);
        }
      }
    }
  }

  private static String soname(Map<VendorLibrary, Path> files, VendorLibrary library) {
    return String.valueOf(files.get(library)).replaceFirst(".*/", "");
  }

  private static String missing(VendorLibrary library) {
    return String.format(
        Locale.ROOT,
        "%s is missing (%s): %s, or name its folder in %s",
        library.title(),
        String.join(" or ", library.sonames()),
        library.mend(),
        LibrarySearch.VARIABLE);
  }

  /** Whether kernels can be compiled at run time. */
  public boolean hasCompiler() {
    return compiler;
  }

  /** Where a library was found; null if it was not. */
  public @Nullable Path file(VendorLibrary library) {
    return files.get(library);
  }

  /** One line a library: found where, or what to install. Loads nothing. */
  public static List<String> describe() {
    LibrarySearch search = LibrarySearch.ofProcess();
    List<String> lines = new ArrayList<>();
    boolean complete = true;
    for (VendorLibrary library : VendorLibrary.values()) {
      Optional<Path> file = search.find(library.sonames());
      complete &= file.isPresent();
      String state = file.map(Path::toString).orElse("missing: " + library.mend());
      lines.add(String.format(Locale.ROOT, "%-14s %s", library.title(), state));
    }
    if (!complete) {
      lines.add("what lies in a folder of its own is found through " + LibrarySearch.VARIABLE);
    }
    return lines;
  }

  /** Whether all is there that is needed; loads nothing. */
  public static boolean complete() {
    LibrarySearch search = LibrarySearch.ofProcess();
    return Arrays.stream(VendorLibrary.values())
        .filter(library -> library != VendorLibrary.NVRTC)
        .allMatch(library -> search.find(library.sonames()).isPresent());
  }
}
