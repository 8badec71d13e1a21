package io.sscam.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The small SqueezeNet that comes inside the jar, so that the program works without any download.
 */
public final class DemoWeights {
  private static final String WEIGHTS = "demo/squeezenet1_0-demo.safetensors";
  private static final String CLASSES = "demo/classes.txt";

  private DemoWeights() {}

  /**
   * Opens the demo model's weights, which lie in memory from then on.
   *
   * @throws WeightsException if the jar lacks them
   */
  public static WeightFile open() {
    return SafetensorsFile.of(resource(WEIGHTS), "the built-in " + WEIGHTS);
  }

  /**
   * The names of the demo model's classes, by index.
   *
   * @throws WeightsException if the jar lacks them
   */
  public static List<String> classNames() {
    return new String(resource(CLASSES), StandardCharsets.UTF_8)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .toList();
  }

  private static byte[] resource(String name) {
    try (InputStream in = DemoWeights.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new WeightsException(
            "the built-in " + name,
            "is not in this jar",
            "get the complete jar, or pass --weights");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw WeightsException.io("the built-in " + name, "cannot be read", e);
    }
  }
}
