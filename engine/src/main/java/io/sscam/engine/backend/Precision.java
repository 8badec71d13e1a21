package io.sscam.engine.backend;

import java.util.Locale;

/** The arithmetic of a net's forward pass; always named, never changed in silence. */
public enum Precision {
  /** IEEE float32 throughout. */
  FP32,
  /** float32 with the factors of products rounded to 10 bits of mantissa; CUDA only. */
  TF32,
  /** float16 weights and activations, channels last, float32 sums and logits; CUDA only. */
  FP16;

  /**
   * Refuses all but {@link #FP32}.
   *
   * @param device that which computes in float32 only
   * @throws IllegalArgumentException naming the device that has the others
   */
  public void requireFp32(String device) {
    if (this != FP32) {
      String name = name().toLowerCase(Locale.ROOT);
      throw new IllegalArgumentException(
          device + " computes in fp32 only; " + name + " is there on a CUDA device (cuda:0)");
    }
  }
}
