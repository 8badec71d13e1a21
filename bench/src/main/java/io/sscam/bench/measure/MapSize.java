package io.sscam.bench.measure;

/**
 * Maps K×h×w over a picture 3×H×W.
 *
 * @param maps K
 */
public record MapSize(int maps, int h, int w, int height, int width) {

  /** H·W. */
  long pixels() {
    return (long) height * width;
  }

  /** h·w. */
  long cells() {
    return (long) h * w;
  }

  /** The same with fewer maps. */
  MapSize withMaps(int fewer) {
    return new MapSize(Math.min(maps, fewer), h, w, height, width);
  }

  @Override
  public String toString() {
    return maps + "×" + h + "×" + w + " → " + height + "×" + width;
  }
}
