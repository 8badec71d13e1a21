package io.sscam.engine.onednn;

import com.sun.jna.NativeLibrary;
import io.sscam.engine.backend.BackendUnavailableException;
import io.sscam.engine.backend.Precision;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/** Loads oneDNN once a process and sets what can only be set for the whole process. */
public final class OnednnLibrary {
  /** The instruction sets of a processor are bits, which those that follow it have too. */
  private static final int BFLOAT16 = dnnl.dnnl_cpu_isa_avx512_core_bf16;

  private OnednnLibrary() {}

  /** Initialised on first use, so that a program that computes nothing loads nothing. */
  private static final class Holder {
    static final @Nullable engine ENGINE;
    static final @Nullable BackendUnavailableException FAILURE;
    static final Optional<NativeLibrary> OPENMP;

    static {
      // JavaCPP would otherwise count native memory against -Xmx; ours is counted by its owners.
      if (System.getProperty("org.bytedeco.javacpp.maxbytes") == null) {
        System.setProperty("org.bytedeco.javacpp.maxbytes", "0");
        System.setProperty("org.bytedeco.javacpp.maxphysicalbytes", "0");
      }
      @Nullable engine loaded = null;
      @Nullable BackendUnavailableException failure = null;
      try {
        Loader.load(dnnl.class);
        loaded = new engine(engine.kind.cpu, 0);
      } catch (LinkageError | RuntimeException e) {
        failure = unavailable(e);
      }
      ENGINE = loaded;
      FAILURE = failure;
      OPENMP = failure == null ? openMp() : Optional.empty();
    }

    private static BackendUnavailableException unavailable(Throwable reason) {
      return new BackendUnavailableException(
          "the CPU library oneDNN cannot be loaded here ("
              + reason
              + "): this jar carries it for "
              + "linux-x86_64 only; build it for this platform with -Djavacpp.platform="
              + Loader.getPlatform(),
          reason);
    }

    private static Optional<NativeLibrary> openMp() {
      for (Map.Entry<String, String> library : Loader.getLoadedLibraries().entrySet()) {
        if (library.getKey().contains("omp")) {
          return Optional.of(NativeLibrary.getInstance(library.getValue()));
        }
      }
      return Optional.empty();
    }
  }

  /**
   * Loads the library.
   *
   * @throws BackendUnavailableException if it is missing for this platform
   */
  public static void load() {
    engine();
  }

  static engine engine() {
    BackendUnavailableException failure = Holder.FAILURE;
    if (failure != null) {
      throw new BackendUnavailableException(String.valueOf(failure.getMessage()), failure);
    }
    return Objects.requireNonNull(Holder.ENGINE);
  }

  /** Whether the number of OpenMP threads can be set for a thread. */
  public static boolean canBindThreads() {
    engine();
    return Holder.OPENMP.isPresent();
  }

  /**
   * Sets with how many threads oneDNN computes what this thread compiles and runs from now on. Java
   * workers with one thread each that run their own pictures lose less to a busy neighbour than
   * OpenMP's team does; several are for what is not enough work for all workers.
   *
   * <p>A primitive keeps the number that it was compiled with.
   */
  public static void useThreadsHere(int threads) {
    engine();
    Holder.OPENMP.ifPresent(
        library -> library.getFunction("omp_set_num_threads").invokeVoid(new Object[] {threads}));
  }

  /**
   * What nets compute in on this processor: bfloat16 only where it multiplies that itself.
   * Elsewhere oneDNN would make float32 of it and back, which is slower than float32.
   */
  public static Set<Precision> precisions() {
    engine();
    int instructions = dnnl.dnnl_get_effective_cpu_isa();
    boolean x86 = Loader.getPlatform().endsWith("x86_64"); // others give these bits another meaning
    return x86 && (instructions & BFLOAT16) == BFLOAT16
        ? Set.of(Precision.FP32, Precision.BF16)
        : Set.of(Precision.FP32);
  }

  /** Name, version and the instructions that it uses here, for reports. */
  public static String version() {
    engine();
    dnnl_version_t version = dnnl.dnnl_version();
    return "oneDNN %d.%d.%d (%s)"
        .formatted(version.major(), version.minor(), version.patch(), dnnl.get_effective_cpu_isa());
  }
}
