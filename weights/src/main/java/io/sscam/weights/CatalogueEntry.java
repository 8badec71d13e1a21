package io.sscam.weights;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Weights that can be fetched.
 *
 * @param name what the user asks for, as in {@code resnet18}
 * @param fileName the file on the server; its name ends with the first eight digits of its SHA-256
 * @param approximateBytes the length, roughly, for people
 * @param limitBytes the length that is never exceeded, so that a wrong server cannot fill the disk
 * @param licence what is known about the terms of use
 */
public record CatalogueEntry(
    String name, String fileName, long approximateBytes, long limitBytes, String licence) {
  private static final Pattern FILE = Pattern.compile("([A-Za-z0-9_]+-([0-9a-f]{8}))\\.pth");

  /**
   * Checks the file name.
   *
   * @throws IllegalArgumentException if it has not the form {@code name-01234567.pth}
   */
  public CatalogueEntry {
    match(fileName);
  }

  /** The first eight hexadecimal digits of the file's SHA-256. */
  public String hashPrefix() {
    return match(fileName).group(2);
  }

  /** The name of the file that the download is converted to. */
  public String convertedName() {
    return match(fileName).group(1) + ".safetensors";
  }

  private static Matcher match(String fileName) {
    Matcher matcher = FILE.matcher(fileName);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(fileName + " does not end with its hash");
    }
    return matcher;
  }
}
