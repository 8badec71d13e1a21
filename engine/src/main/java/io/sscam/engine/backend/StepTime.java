package io.sscam.engine.backend;

/**
 * What one step of a net took.
 *
 * @param step the layer, a colon, and how it is computed
 * @param pictures that the step computed
 * @param seconds until the slowest part of the device was done
 */
public record StepTime(String step, int pictures, double seconds) {

  /** The name of the layer that the step belongs to. */
  public String layer() {
    int end = step.indexOf(": ");
    return end < 0 ? step : step.substring(0, end);
  }
}
