package io.sscam.nets;

import io.sscam.engine.HostTensor;

public record Preprocess(Mode mode, int height, int width) {
  public enum Mode {
    IMAGENET,
    STRETCH
  }

  public record Input(HostTensor tensor) {}

  @SuppressWarnings("DoNotCallSuggester")
  public Input apply(RgbImage image) {
    throw new IllegalStateException("stand-in");
  }
}
