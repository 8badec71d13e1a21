package io.sscam.evaluate;

import java.util.Locale;

/** Which class of a picture is explained. */
public enum TargetRule {
  /** The net's most probable. */
  TOP,
  /** The most probable of those that the picture's labels stand for. */
  LABEL;

  /** As users write it. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
