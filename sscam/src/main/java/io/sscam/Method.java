package io.sscam;

import java.util.List;
import java.util.Locale;

/** A way to make a map: its name and its options. */
public sealed interface Method {

  /** The name by which users choose it. */
  String name();

  /**
   * CAM (Zhou et al., arXiv 1512.04150): the class's row of the fully connected layer; GAP nets.
   */
  record Cam() implements Method {
    @Override
    public String name() {
      return "cam";
    }
  }

  /** Score-CAM: each channel's mask is scored once. */
  record ScoreCam(Scoring scoring) implements Method {
    @Override
    public String name() {
      return "score-cam";
    }
  }

  /**
   * SS-CAM: each channel's mask is scored under noise.
   *
   * @param preset the preset it began with, for the record
   */
  record SsCam(String preset, Scoring scoring) implements Method {
    @Override
    public String name() {
      return "ss-cam";
    }
  }

  /** The names of all methods. */
  static List<String> names() {
    return List.of("cam", "score-cam", "ss-cam");
  }

  static Method cam() {
    return new Cam();
  }

  /** Score-CAM with logits and softmax. */
  static Method scoreCam() {
    return new ScoreCam(Scoring.scoreCam());
  }

  /** SS-CAM with the default preset. */
  static Method ssCam() {
    return ssCam("default");
  }

  /**
   * SS-CAM with one of {@link Scoring#presets()}.
   *
   * @throws IllegalArgumentException for an unknown preset
   */
  static Method ssCam(String preset) {
    return new SsCam(preset.toLowerCase(Locale.ROOT), Scoring.preset(preset));
  }

  /**
   * A method by name, with its default options.
   *
   * @throws IllegalArgumentException for an unknown name; the message lists the known ones
   */
  static Method named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "cam" -> cam();
      case "score-cam", "scorecam" -> scoreCam();
      case "ss-cam", "sscam" -> ssCam();
      default ->
          throw new IllegalArgumentException(
              "there is no method \"" + name + "\"; use one of: " + String.join(", ", names()));
    };
  }
}
