package io.sscam.engine.cpu;

import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.BackendProvider;
import io.sscam.engine.backend.BackendUnavailableException;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.onednn.OnednnLibrary;
import java.util.List;
import java.util.stream.Collectors;

/** The CPU, by the name {@code cpu}. */
public final class CpuProvider implements BackendProvider {

  @Override
  public String kind() {
    return "cpu";
  }

  @Override
  public Backend open(String id, int threads) {
    if (!id.equals("cpu")) {
      throw new BackendUnavailableException("there is one CPU only: use the device \"cpu\"");
    }
    return new CpuBackend(threads);
  }

  @Override
  public List<String> describe() {
    int cores = Runtime.getRuntime().availableProcessors();
    try {
      String precisions =
          OnednnLibrary.precisions().stream()
              .sorted()
              .map(Precision::id)
              .collect(Collectors.joining(", "));
      return List.of(
          "ready: " + OnednnLibrary.version() + ", " + cores + " cores, precisions " + precisions);
    } catch (BackendUnavailableException e) {
      return List.of("missing: " + e.getMessage());
    }
  }
}
