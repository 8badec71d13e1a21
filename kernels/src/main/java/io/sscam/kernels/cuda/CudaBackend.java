package io.sscam.kernels.cuda;

import io.sscam.engine.TensorSource;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.BackendUnavailableException;
import io.sscam.engine.backend.Device;
import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.file.CacheDirectory;
import io.sscam.engine.graph.Graph;
import io.sscam.kernels.cuda.driver.CudaContext;
import io.sscam.kernels.cuda.driver.CudaFailure;
import io.sscam.kernels.cuda.driver.CudaLibraries;
import io.sscam.kernels.cuda.net.AlgorithmCache;
import io.sscam.kernels.cuda.net.CudnnHandle;
import io.sscam.kernels.cuda.net.DeviceWeights;
import io.sscam.kernels.cuda.op.OpModules;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** One NVIDIA GPU: nets on cuDNN and cuBLAS, the rest by the project's own kernels. */
public final class CudaBackend implements Backend {
  private static final Set<Precision> PRECISIONS =
      Collections.unmodifiableSet(EnumSet.of(Precision.FP32, Precision.TF32, Precision.FP16));

  private static final int OLDEST = 75;
  private static final int LARGEST_BATCH = 256;

  private final CudaContext context;
  private final AlgorithmCache algorithms;
  private final AtomicLong liveBytes = new AtomicLong();
  private final Device device;

  private CudaBackend(CudaContext context) {
    this.context = context;
    this.algorithms =
        AlgorithmCache.open(
            CacheDirectory.standard().resolve("cuda"), context.name(), CudnnHandle.version());
    this.device = new Device("cuda:" + context.ordinal(), describe(context), 1);
  }

  /**
   * Opens a GPU.
   *
   * @param ordinal its number, from 0, in the driver's order
   * @throws BackendUnavailableException with the reason and the mend
   */
  public static CudaBackend open(int ordinal) {
    CudaLibraries.load();
    try {
      return open(CudaContext.retain(ordinal));
    } catch (CudaFailure | OutOfDeviceMemoryException e) {
      throw new BackendUnavailableException(
          "cuda:" + ordinal + " does not open: " + e.getMessage(), e);
    }
  }

  /** Takes the context over: it is closed if the device cannot be used. */
  private static CudaBackend open(CudaContext context) {
    try {
      int capability = context.computeCapability();
      if (capability < OLDEST) {
        throw new BackendUnavailableException(
            "cuda:%d has compute capability %d.%d; the kernels need 7.5 (Turing) or newer"
                .formatted(context.ordinal(), capability / 10, capability % 10));
      }
      return new CudaBackend(context);
    } catch (RuntimeException e) {
      context.close();
      throw e;
    }
  }

  /** The hardware and the libraries in words. */
  static String describe(CudaContext context) {
    int capability = context.computeCapability();
    int driver = CudaContext.driverVersion();
    long cudnn = CudnnHandle.version();
    return String.format(
        Locale.ROOT,
        "%s, compute capability %d.%d, %.1f GiB, driver for CUDA %d.%d, cuDNN %d.%d.%d",
        context.name(),
        capability / 10,
        capability % 10,
        context.totalBytes() / (double) (1 << 30),
        driver / 1000,
        driver % 1000 / 10,
        cudnn / 10000,
        cudnn % 10000 / 100,
        cudnn % 100);
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public Set<Precision> precisions() {
    return PRECISIONS;
  }

  @Override
  public Model load(Graph graph, TensorSource weights, Precision precision) {
    require(precision);
    context.makeCurrent();
    try (OpModules modules = new OpModules(context)) {
      return DeviceWeights.load(context, modules, graph, weights, precision, liveBytes);
    }
  }

  /**
   * As many pictures as half of the free memory holds, by a rough count of three of the largest
   * activations a picture; at most what saturates a large GPU.
   */
  @Override
  public int suggestedBatch(Model model) {
    long largest =
        model.graph().layers().stream()
            .mapToLong(layer -> layer.output().elements())
            .max()
            .orElse(1);
    long fits = context.freeBytes() / 2 / (3 * largest * Float.BYTES);
    long countable = Integer.MAX_VALUE / largest; // what cuDNN takes at once
    return (int) Math.max(1, Math.min(LARGEST_BATCH, Math.min(fits, countable)));
  }

  @Override
  public Session openSession() {
    context.makeCurrent();
    return CudaSession.open(context, algorithms, liveBytes);
  }

  @Override
  public long liveBytes() {
    return liveBytes.get();
  }

  @Override
  public void close() {
    context.close();
  }
}
