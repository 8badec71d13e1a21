package io.sscam.image;

import java.util.List;
import java.util.Locale;

/**
 * Perceptually uniform colour maps of 256 colours: equal steps of the value look like equal steps,
 * in print and to the colour-blind too. The tables are matplotlib's (Smith, van der Walt, Firing;
 * CC0).
 */
public enum ColourMap {
  /** Black, purple, red, orange, pale yellow. */
  INFERNO,
  /** Black, purple, pink, pale yellow. */
  MAGMA,
  /** Dark blue, green, yellow. */
  VIRIDIS;

  @SuppressWarnings("ImmutableEnumChecker") // written once, never handed out
  private final int[] table;

  ColourMap() {
    table = parse(Resources.lines(name().toLowerCase(Locale.ROOT) + ".txt"));
  }

  private static int[] parse(List<String> lines) {
    int[] colours =
        lines.stream()
            .flatMap(line -> List.of(line.split(" ", -1)).stream())
            .mapToInt(hex -> Integer.parseInt(hex, 16))
            .toArray();
    if (colours.length != 256) {
      throw new IllegalStateException("a colour map has 256 colours, not " + colours.length);
    }
    return colours;
  }

  /** The name on the command line: {@code inferno}, … */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The colour of a value as 0xRRGGBB.
   *
   * @param value 0 to 1; values outside get the colour of the nearer end, NaN that of 0
   */
  public int rgb(double value) {
    return table[(int) (Math.max(0, Math.min(1, value)) * 255 + 0.5)];
  }
}
