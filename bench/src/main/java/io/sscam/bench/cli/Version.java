package io.sscam.bench.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that the jar was built as, and the commit it was built from. */
final class Version implements IVersionProvider {

  /** {@code 0.1.0 (1a2b3c4)}; with a + after the commit if files had been changed since. */
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return (version == null ? "development build" : version) + commit(properties());
  }

  /** Empty if the sources were not in a repository. */
  static String commit(Properties properties) {
    String commit = properties.getProperty("git.commit.id.abbrev", "");
    String changed = properties.getProperty("git.dirty", "").equals("true") ? "+" : "";
    return commit.isEmpty() ? "" : " (" + commit + changed + ")";
  }

  private static Properties properties() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("commit.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"sscam-engine " + text()};
  }
}
