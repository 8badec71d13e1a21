package io.sscam;

import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

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

  /** Grad-CAM (Selvaraju et al., arXiv 1610.02391): the mean gradient of the class's logit. */
  record GradCam() implements Method {
    @Override
    public String name() {
      return "grad-cam";
    }
  }

  /** Grad-CAM++ (Chattopadhyay et al., arXiv 1710.11063): its positive part, weighted by cell. */
  record GradCamPlusPlus() implements Method {
    @Override
    public String name() {
      return "grad-cam++";
    }
  }

  /** A method that scores masked pictures. */
  sealed interface Scored extends Method {
    Scoring scoring();
  }

  /** Score-CAM: each channel's mask is scored once. */
  record ScoreCam(Scoring scoring) implements Scored {
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
  record SsCam(String preset, Scoring scoring) implements Scored {
    @Override
    public String name() {
      return "ss-cam";
    }
  }

  /**
   * A control: the same activations with weights that know nothing of the class. A method that
   * scores no better than these explains nothing.
   */
  record Control(Kind kind) implements Method {

    /** Where the weights come from. */
    public enum Kind {
      /** α_k = 1/K: the plain mean of the activations. */
      MEAN_ACTIVATION,
      /** α_k = |z|, z standard normal by the seed: another map for every seed. */
      RANDOM_WEIGHTS
    }

    @Override
    public String name() {
      return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** The names of all methods, controls aside. */
  static List<String> names() {
    return List.of("cam", "grad-cam", "grad-cam++", "score-cam", "ss-cam");
  }

  /** The names of the controls. */
  static List<String> controls() {
    return List.of("mean-activation", "random-weights");
  }

  static Method cam() {
    return new Cam();
  }

  static Method gradCam() {
    return new GradCam();
  }

  static Method gradCamPlusPlus() {
    return new GradCamPlusPlus();
  }

  /** Score-CAM with logits and softmax. */
  static Method scoreCam() {
    return scoreCam(scoring -> scoring);
  }

  /** Score-CAM with some options changed: {@code scoreCam(s -> s.withTopChannels(64))}. */
  static Method scoreCam(UnaryOperator<Scoring> change) {
    return new ScoreCam(change.apply(Scoring.scoreCam()));
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
    return ssCam(preset, scoring -> scoring);
  }

  /**
   * SS-CAM with some options of a preset changed: {@code ssCam("default", s -> s.withSamples(4))}.
   *
   * @throws IllegalArgumentException for an unknown preset
   */
  static Method ssCam(String preset, UnaryOperator<Scoring> change) {
    return new SsCam(preset.toLowerCase(Locale.ROOT), change.apply(Scoring.preset(preset)));
  }

  /**
   * A method by name, with its default options.
   *
   * @throws IllegalArgumentException for an unknown name; the message lists the known ones
   */
  static Method named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "cam" -> cam();
      case "grad-cam", "gradcam" -> gradCam();
      case "grad-cam++", "gradcam++", "gradcampp" -> gradCamPlusPlus();
      case "score-cam", "scorecam" -> scoreCam();
      case "ss-cam", "sscam" -> ssCam();
      case "mean-activation" -> new Control(Control.Kind.MEAN_ACTIVATION);
      case "random-weights" -> new Control(Control.Kind.RANDOM_WEIGHTS);
      default ->
          throw new IllegalArgumentException(
              "there is no method \"%s\"; use one of: %s, or a control: %s"
                  .formatted(name, String.join(", ", names()), String.join(", ", controls())));
    };
  }
}
