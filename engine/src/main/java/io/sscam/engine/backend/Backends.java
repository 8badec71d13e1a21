package io.sscam.engine.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;

/** The devices that this program was built with. */
public final class Backends {
  private Backends() {}

  /** All kinds of device, those that can be used here and those that cannot. */
  public static List<BackendProvider> providers() {
    List<BackendProvider> providers = new ArrayList<>();
    ServiceLoader.load(BackendProvider.class, BackendProvider.class.getClassLoader())
        .forEach(providers::add);
    return providers;
  }

  /**
   * Opens a device by name; there is no fallback to another.
   *
   * @param id {@code cpu}, {@code cuda:0} …, or {@code auto} for the CPU of this version
   * @param threads host threads to compute with, at least 1
   * @throws BackendUnavailableException if the device cannot be used here, with reason and mend
   */
  public static Backend open(String id, int threads) {
    String wanted = id.equals("auto") ? "cpu" : id.toLowerCase(Locale.ROOT);
    String kind = wanted.replaceFirst(":.*", "");
    List<String> kinds = new ArrayList<>();
    for (BackendProvider provider : providers()) {
      if (provider.kind().equals(kind)) {
        return provider.open(wanted, threads);
      }
      kinds.add(provider.kind());
    }
    throw new BackendUnavailableException(
        "there is no device \"" + id + "\" in this build; use one of: " + String.join(", ", kinds));
  }
}
