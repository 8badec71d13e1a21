package io.sscam.kernels.cuda.op;

/** How a batch of pictures or activations is stored. */
public enum Layout {
  /** C order, float32. */
  NCHW_F32,
  /** Channels last, float16; a picture's channels are padded to a multiple of 4. */
  NHWC_F16;

  /** The end of the names of the kernels for it. */
  String suffix() {
    return this == NCHW_F32 ? "nchw_f32" : "nhwc_f16";
  }
}
