package io.sscam.evaluate;

import java.util.OptionalDouble;

/**
 * What one variant gave on one picture. The class is the one that was explained; what was not
 * measured is empty, and so is what the picture does not define (a blank map has no energy to point
 * with).
 *
 * @param picture id of the picture in its data set
 * @param variant id of the variant
 * @param classIndex c, the class explained
 * @param className its name
 * @param correct whether the network's first class is one of the picture's own
 * @param probability Y = f^c of the picture, 0 to 1
 * @param explainedProbability O = f^c of the picture ⊙ heatmap, 0 to 1
 * @param pointing the share of the heatmap's energy inside the boxes, 0 to 1
 * @param boxShare the share of the input's area inside the boxes: what a uniform map would score
 * @param deletion area under the deletion curve, 0 to 1
 * @param insertion area under the insertion curve, 0 to 1
 * @param coherency of ADCC, 0 to 1: how far the map of the explained picture is the same map
 * @param complexity of ADCC, 0 to 1: the mean of the heatmap
 * @param effectiveChannels see {@link io.sscam.Explanation#effectiveChannels()}; 0 where the method
 *     has no channel weights
 * @param blank whether the map is all zeros
 * @param seed of this picture's noise
 * @param mapHeight h
 * @param mapWidth w
 * @param map L (h, w), row by row
 * @param seconds of wall-clock time for the map, without its metrics
 * @param forwardPasses of the net for the map
 */
public record Outcome(
    String picture,
    String variant,
    int classIndex,
    String className,
    boolean correct,
    double probability,
    double explainedProbability,
    OptionalDouble pointing,
    OptionalDouble boxShare,
    OptionalDouble deletion,
    OptionalDouble insertion,
    OptionalDouble coherency,
    double complexity,
    double effectiveChannels,
    boolean blank,
    long seed,
    int mapHeight,
    int mapWidth,
    float[] map,
    double seconds,
    long forwardPasses) {

  /** The longest side of a map: an input's own. */
  static final int LONGEST_SIDE = 1024;

  /** The most values of a map; a log line stays readable, and a hostile one small. */
  static final int MOST_CELLS = 1 << 16;

  /**
   * Checks every value and copies the map.
   *
   * @throws IllegalArgumentException if a value is out of its range or not a number
   */
  public Outcome {
    Checks.name("a picture's id", picture);
    Checks.name("a variant's id", variant);
    Checks.name("a class name", className);
    Checks.within("a class index", classIndex, 0, Integer.MAX_VALUE);
    Checks.share("probability", probability);
    Checks.share("explainedProbability", explainedProbability);
    Checks.share("pointing", pointing);
    Checks.share("boxShare", boxShare);
    Checks.share("deletion", deletion);
    Checks.share("insertion", insertion);
    Checks.share("coherency", coherency);
    Checks.share("complexity", complexity);
    Checks.atLeastZero("effectiveChannels", effectiveChannels);
    Checks.atLeastZero("seconds", seconds);
    Checks.within("mapHeight", mapHeight, 1, LONGEST_SIDE);
    Checks.within("mapWidth", mapWidth, 1, LONGEST_SIDE);
    if (map.length != mapHeight * mapWidth || map.length > MOST_CELLS) {
      throw new IllegalArgumentException(
          "a map of %d×%d does not have %d values (%d at most)"
              .formatted(mapHeight, mapWidth, map.length, MOST_CELLS));
    }
    map = map.clone();
    for (float value : map) {
      Checks.atLeastZero("a map's value", value);
    }
    if (forwardPasses < 0) {
      throw new IllegalArgumentException("forwardPasses is 0 or more, not " + forwardPasses);
    }
  }

  /** A copy of L (h, w), row by row. */
  @Override
  public float[] map() {
    return map.clone();
  }
}
