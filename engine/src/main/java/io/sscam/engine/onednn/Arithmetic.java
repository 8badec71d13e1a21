package io.sscam.engine.onednn;

import io.sscam.engine.backend.Precision;
import org.bytedeco.dnnl.memory;

/** How a plan computes and in what it keeps its activations. */
public enum Arithmetic {
  /**
   * float32; 3×3 convolutions that suit it go by {@link Winograd}'s filtering, which is much faster
   * on one thread and a little less exact.
   */
  WINOGRAD(memory.data_type.f32),
  /** float32 in plain sums. */
  PLAIN(memory.data_type.f32),
  /** bfloat16 weights and activations, float32 sums; the last layer with weights gives float32. */
  BFLOAT16(memory.data_type.bf16);

  private final memory.data_type type;

  Arithmetic(memory.data_type type) {
    this.type = type;
  }

  /** For many pictures, a few of them at a time on one thread. */
  public static Arithmetic ofMany(Precision precision) {
    return precision == Precision.BF16 ? BFLOAT16 : WINOGRAD;
  }

  /** For a picture alone, whose layers are spread over all threads. */
  public static Arithmetic ofOne(Precision precision) {
    return precision == Precision.BF16 ? BFLOAT16 : PLAIN;
  }

  /** Of weights and activations. */
  memory.data_type type() {
    return type;
  }

  /** Of an activation. */
  long bytes() {
    return memory.data_type_size(type);
  }
}
