package io.sscam.engine.file;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Where this user's downloaded weights and measured choices are kept. */
public final class CacheDirectory {
  private static final String NAME = "sscam-engine";

  private CacheDirectory() {}

  /** The folder for the present user; it need not exist yet. */
  public static Path standard() {
    return resolve(
        System.getenv(), System.getProperty("os.name", ""), System.getProperty("user.home", "."));
  }

  /**
   * {@code SSCAM_CACHE} if set, or else what the platform calls a cache.
   *
   * @param os the value of {@code os.name}
   */
  public static Path resolve(Map<String, String> environment, String os, String home) {
    String own = value(environment, "SSCAM_CACHE");
    if (!own.isEmpty()) {
      return Path.of(own);
    }
    String system = os.toLowerCase(Locale.ROOT);
    String local = value(environment, "LOCALAPPDATA");
    if (system.startsWith("windows") && !local.isEmpty()) {
      return Path.of(local, NAME);
    }
    if (system.startsWith("mac")) {
      return Path.of(home, "Library", "Caches", NAME);
    }
    String xdg = value(environment, "XDG_CACHE_HOME");
    // The XDG specification: a relative path there is to be ignored.
    if (!xdg.isEmpty() && Path.of(xdg).isAbsolute()) {
      return Path.of(xdg, NAME);
    }
    return Path.of(home, ".cache", NAME);
  }

  private static String value(Map<String, String> environment, String name) {
    return environment.getOrDefault(name, "").strip();
  }
}
