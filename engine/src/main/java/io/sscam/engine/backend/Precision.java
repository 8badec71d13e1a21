package io.sscam.engine.backend;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The arithmetic of a net's forward pass; always named, never changed in silence. */
public enum Precision {
  /** IEEE float32 throughout. */
  FP32,
  /** float32 with the factors of products rounded to 10 bits of mantissa; CUDA only. */
  TF32,
  /** float16 weights and activations, channels last, float32 sums and logits; CUDA only. */
  FP16,
  /**
   * bfloat16 weights and activations (7 bits of mantissa, float32's exponents), float32 sums and
   * logits; only the CPU, and only where it multiplies bfloat16 itself (AVX512-BF16 or AMX).
   */
  BF16;

  /** See {@link Backend#require}. */
  void requireOneOf(String device, Set<Precision> there) {
    if (!there.contains(this)) {
      String names = there.stream().sorted().map(Precision::id).collect(Collectors.joining(", "));
      String elsewhere = this == BF16 ? "a CPU with AVX512-BF16 or AMX" : "a CUDA device (cuda:0)";
      throw new IllegalArgumentException(
          "%s computes in %s only; %s is there on %s"
              .formatted(device, names.replaceFirst(", ([^,]*)$", " and $1"), id(), elsewhere));
    }
  }

  /** As users write it, such as {@code fp32}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
