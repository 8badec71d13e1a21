package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Real weights and photos, which are not part of this repository. */
public final class SharedFiles {
  private SharedFiles() {}

  /**
   * A file or folder of the collection; without it the test is skipped in words, or fails in CI.
   */
  public static Path require(String name) {
    Path path = Path.of(System.getProperty("sscam.shared", "../../shared")).resolve(name);
    if (System.getenv("CI") != null) {
      assertThat(path).as("CI must have the shared weights and photos").exists();
    }
    assumeTrue(
        Files.exists(path),
        "SKIPPED: needs " + name + " of the shared weights and photos, which are not here");
    return path;
  }
}
