package io.sscam.evaluate;

import java.util.Locale;

/** What is measured of a map beside Average Drop and Average Increase, which always are. */
public enum Metric {
  /** Energy-based pointing game. */
  POINTING,
  /** Area under the deletion curve: 101 forward passes a map. */
  DELETION,
  /** Area under the insertion curve: 101 forward passes a map. */
  INSERTION,
  /** Coherency for ADCC: a second map of each explained picture, which doubles the time. */
  ADCC;

  /** As users write it. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
