package io.sscam.bench.jmh;

import java.util.stream.Stream;

/** Extents as people type them, such as 512x7x7. */
final class Extents {
  private Extents() {}

  /**
   * The numbers between the x.
   *
   * @throws IllegalArgumentException if there are not so many, or one is none
   */
  static int[] of(String text, int count) {
    int[] extents = Stream.of(text.split("x", -1)).mapToInt(Integer::parseInt).toArray();
    if (extents.length != count) {
      throw new IllegalArgumentException(
          "\"%s\" has %d extents, not %d".formatted(text, extents.length, count));
    }
    return extents;
  }
}
