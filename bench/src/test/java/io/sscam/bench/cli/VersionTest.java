package io.sscam.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

/** The commit behind the version. */
class VersionTest {
  @Test
  void commitIsNamedWhereItIsKnown() {
    Properties properties = new Properties();
    assertThat(Version.commit(properties)).isEmpty();
    properties.setProperty("git.commit.id.abbrev", "1a2b3c4");
    properties.setProperty("git.dirty", "false");
    assertThat(Version.commit(properties)).isEqualTo(" (1a2b3c4)");
    properties.setProperty("git.dirty", "true");
    assertThat(Version.commit(properties)).isEqualTo(" (1a2b3c4+)");
  }
}
