package io.sscam.engine.contract;

import java.util.List;
import java.util.stream.Stream;

/**
 * The sizes of one case.
 *
 * @param channels K
 * @param h rows of a map
 * @param w columns of a map
 * @param height rows of the picture
 * @param width columns of the picture
 */
record Extent(int channels, int h, int w, int height, int width) {

  /** Every map size with every picture size, and the three channel counts in turn. */
  static List<Extent> all() {
    int[][] maps = {{1, 1}, {1, 7}, {7, 7}, {13, 13}, {5, 9}};
    int[][] pictures = {{1, 1}, {17, 23}, {32, 48}, {6, 4}};
    Stream<Extent> small =
        Stream.of(maps)
            .flatMap(m -> Stream.of(pictures).map(p -> new Extent(3, m[0], m[1], p[0], p[1])));
    Stream<Extent> large =
        Stream.of(
            new Extent(1, 7, 7, 224, 224),
            new Extent(3, 13, 13, 224, 224),
            new Extent(64, 5, 9, 32, 48),
            new Extent(64, 1, 7, 17, 23));
    return Stream.concat(small, large).toList();
  }

  int mapElements() {
    return channels * h * w;
  }
}
