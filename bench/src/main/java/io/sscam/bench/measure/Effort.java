package io.sscam.bench.measure;

import io.sscam.nets.Network;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How much is measured.
 *
 * @param rounds times that everything is measured, one after the other
 * @param warmUp seconds that a call is repeated before it is timed
 * @param block seconds that one timed block of calls lasts at least
 * @param blocks timed blocks a row and round
 * @param longest seconds that one call may last; what would last longer is left out and said so
 * @param streamBytes size of each array of the bandwidth test
 * @param product seconds that the matrix product lasts at least; it grows until it does
 * @param largestProduct the most rows and columns of its matrices
 * @param sizes of the operations on maps
 * @param checked elements of each result that are compared with the reference
 * @param nets that run forward
 * @param batches pictures a run, rising
 * @param side of the nets' pictures
 * @param checkedSide of the pictures on which the nets are compared with the reference
 * @param explainedSide of the pictures that are explained
 * @param samples the N of explanations; the last is predicted from the others
 * @param explanations that are made of each N, a round
 * @param deadline seconds in which all must be done: no round begins that would end later
 */
record Effort(
    int rounds,
    double warmUp,
    double block,
    int blocks,
    double longest,
    int streamBytes,
    double product,
    int largestProduct,
    List<MapSize> sizes,
    int checked,
    List<Network> nets,
    List<Integer> batches,
    int side,
    int checkedSide,
    int explainedSide,
    List<Integer> samples,
    int explanations,
    double deadline) {

  private static final int SIDE = 224;

  static Effort of(boolean quick) {
    return quick ? quick() : full();
  }

  /** All sizes; about a quarter of an hour on a small CPU. */
  static Effort full() {
    return new Effort(
        3,
        0.3,
        0.1,
        5,
        2,
        64 << 20,
        0.05,
        8192,
        List.of(
            new MapSize(64, 7, 7, 224, 224),
            new MapSize(512, 7, 7, 224, 224),
            new MapSize(2048, 7, 7, 224, 224),
            new MapSize(512, 13, 13, 224, 224),
            new MapSize(512, 14, 14, 224, 224),
            new MapSize(512, 14, 14, 299, 299),
            new MapSize(512, 10, 15, 320, 480)),
        4 << 20,
        Network.all(),
        IntStream.range(0, 10).mapToObj(i -> 1 << i).toList(),
        SIDE,
        SIDE,
        SIDE,
        List.of(1, 2, 3),
        1,
        900);
  }

  /** A selection that ends within two minutes on two cores. */
  static Effort quick() {
    return new Effort(
        2,
        0.12,
        0.03,
        3,
        0.6,
        32 << 20,
        0.02,
        4096,
        List.of(
            new MapSize(64, 7, 7, 224, 224),
            new MapSize(512, 13, 13, 224, 224),
            new MapSize(64, 10, 15, 320, 480)),
        200_000,
        Network.all(),
        List.of(1, 4, 16),
        SIDE,
        64,
        64,
        List.of(1, 2, 3),
        2,
        115);
  }
}
