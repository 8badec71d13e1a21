package io.sscam.kernels.cuda;

import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.BackendProvider;
import io.sscam.engine.backend.BackendUnavailableException;
import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.kernels.cuda.driver.CudaContext;
import io.sscam.kernels.cuda.driver.CudaFailure;
import io.sscam.kernels.cuda.driver.CudaLibraries;
import java.util.ArrayList;
import java.util.List;

/** NVIDIA GPUs, by the names {@code cuda:0}, {@code cuda:1} … */
public final class CudaProvider implements BackendProvider {

  @Override
  public String kind() {
    return "cuda";
  }

  @Override
  public Backend open(String id, int threads) {
    return CudaBackend.open(ordinal(id));
  }

  /**
   * A GPU's number, once it is there; the libraries are loaded then.
   *
   * @param id {@code cuda:} and a number, or {@code cuda} for the first
   * @throws BackendUnavailableException with the reason and the mend
   */
  public static int ordinal(String id) {
    if (!id.matches("cuda(:\\d{1,4})?")) {
      throw new BackendUnavailableException(
          "a GPU is named by its number, as in cuda:0, not \"" + id + "\"");
    }
    int ordinal = id.equals("cuda") ? 0 : Integer.parseInt(id.substring(id.indexOf(':') + 1));
    CudaLibraries.load();
    int count = devices();
    if (ordinal >= count) {
      throw new BackendUnavailableException(
          "there is no cuda:" + ordinal + "; the driver offers " + offer(count));
    }
    return ordinal;
  }

  private static int devices() {
    try {
      return CudaContext.count();
    } catch (CudaFailure | OutOfDeviceMemoryException e) {
      throw new BackendUnavailableException(
          "NVIDIA's driver does not start ("
              + e.getMessage()
              + "): is there a GPU, and does nvidia-smi list it?",
          e);
    }
  }

  private static String offer(int count) {
    return count == 0 ? "no GPU" : count == 1 ? "cuda:0 only" : "cuda:0 to cuda:" + (count - 1);
  }

  @Override
  public List<String> describe() {
    List<String> lines = new ArrayList<>(CudaLibraries.describe());
    if (!CudaLibraries.complete()) {
      return lines;
    }
    try {
      CudaLibraries.load();
      int count = devices();
      for (int ordinal = 0; ordinal < count; ordinal++) {
        try (CudaContext context = CudaContext.retain(ordinal)) {
          lines.add("ready: cuda:" + ordinal + ", " + CudaBackend.describe(context));
        }
      }
      if (count == 0) {
        lines.add("missing: the driver offers no GPU");
      }
    } catch (BackendUnavailableException e) {
      lines.add("missing: " + e.getMessage());
    } catch (CudaFailure | OutOfDeviceMemoryException e) {
      lines.add("broken: " + e.getMessage());
    }
    return lines;
  }
}
