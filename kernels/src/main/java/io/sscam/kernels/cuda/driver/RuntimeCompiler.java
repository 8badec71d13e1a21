package io.sscam.kernels.cuda.driver;

import io.sscam.engine.backend.BackendUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;
import jcuda.nvrtc.nvrtcResult;

/**
 * Compiles CUDA C++ at run time, for one architecture: kernels of the laboratory, and variants that
 * only a newer architecture has. What was compiled once is kept in a {@link CubinCache}.
 */
public final class RuntimeCompiler {
  /** Given always, so that nothing depends on a compiler's defaults; no fast-math. */
  private static final List<String> OPTIONS =
      List.of("--std=c++17", "--fmad=true", "--prec-div=true", "--prec-sqrt=true", "--ftz=false");

  private final CubinCache cache;

  /**
   * Code to compile.
   *
   * @param name of the file, for messages
   * @param text CUDA C++
   * @param headers what it may include, text by name
   */
  public record Source(String name, String text, SortedMap<String, String> headers) {
    /** Takes a copy of the headers. */
    public Source {
      headers = new TreeMap<>(headers);
    }

    /** Code with the headers given in any order. */
    public static Source of(String name, String text, Map<String, String> headers) {
      return new Source(name, text, new TreeMap<>(headers));
    }
  }

  /**
   * Compiled code.
   *
   * @param image what the driver loads
   * @param log the compiler's remarks; empty if the image was in the cache
   */
  public record Cubin(byte[] image, String log, boolean cached) {}

  /**
   * Makes a compiler. {@link CudaLibraries#load} comes first, and must have found NVRTC.
   *
   * @param cache where compiled code is kept
   */
  public RuntimeCompiler(CubinCache cache) {
    this.cache = cache;
  }

  /**
   * Compiles, or takes from the cache what was compiled from the same source, headers and options
   * for the same architecture by the same compiler.
   *
   * @param computeCapability such as 90 for sm_90
   * @param options more options for NVRTC
   * @throws KernelCompileException with the compiler's log
   * @throws BackendUnavailableException if the compiler does not know the architecture
   */
  public Cubin compile(Source source, int computeCapability, List<String> options) {
    List<String> all = new ArrayList<>(OPTIONS);
    all.add("--gpu-architecture=sm_" + computeCapability);
    all.addAll(options);
    String key = CubinCache.key(source, all, version());
    Optional<byte[]> known = cache.find(key);
    if (known.isPresent()) {
      return new Cubin(known.get(), "", true);
    }
    Cubin cubin = compile(source, all);
    cache.keep(key, cubin.image);
    return cubin;
  }

  /** NVRTC's version, such as 12.6. */
  public static String version() {
    int[] major = new int[1];
    int[] minor = new int[1];
    check(JNvrtc.nvrtcVersion(major, minor), "nvrtcVersion");
    return major[0] + "." + minor[0];
  }

  private static Cubin compile(Source source, List<String> options) {
    nvrtcProgram program = new nvrtcProgram();
    check(
        JNvrtc.nvrtcCreateProgram(
            program,
            source.text,
            source.name,
            source.headers.size(),
            source.headers.values().toArray(String[]::new),
            source.headers.keySet().toArray(String[]::new)),
        "nvrtcCreateProgram");
    try {
      int status =
          JNvrtc.nvrtcCompileProgram(program, options.size(), options.toArray(String[]::new));
      String[] log = {""};
      check(JNvrtc.nvrtcGetProgramLog(program, log), "nvrtcGetProgramLog");
      if (status == nvrtcResult.NVRTC_ERROR_INVALID_OPTION) {
        throw new BackendUnavailableException(
            "NVRTC %s refuses %s (%s): for a GPU that is newer than it, %s"
                .formatted(
                    version(),
                    String.join(" ", options),
                    log[0].strip(),
                    VendorLibrary.NVRTC.mend()));
      }
      if (status == nvrtcResult.NVRTC_ERROR_COMPILATION) {
        throw new KernelCompileException(source.name, options, log[0]);
      }
      check(status, "nvrtcCompileProgram");
      long[] size = new long[1];
      check(JNvrtc.nvrtcGetCUBINSize(program, size), "nvrtcGetCUBINSize");
      byte[] image = new byte[Math.toIntExact(size[0])];
      check(JNvrtc.nvrtcGetCUBIN(program, image), "nvrtcGetCUBIN");
      return new Cubin(image, log[0], false);
    } finally {
      JNvrtc.nvrtcDestroyProgram(program);
    }
  }

  private static void check(int status, String function) {
    if (status != nvrtcResult.NVRTC_SUCCESS) {
      throw new CudaFailure(function + "()", status, JNvrtc.nvrtcGetErrorString(status));
    }
  }
}
