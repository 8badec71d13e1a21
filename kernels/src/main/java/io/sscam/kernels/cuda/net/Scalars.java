package io.sscam.kernels.cuda.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;

/** The factors that cuDNN and cuBLAS take by host address. */
final class Scalars {
  static final Pointer ONE = of(1);
  static final Pointer ZERO = of(0);

  private Scalars() {}

  /** In memory outside the heap, so that no call holds up the garbage collector. */
  private static Pointer of(float value) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(Float.BYTES).order(ByteOrder.nativeOrder());
    buffer.putFloat(0, value);
    return Pointer.toBuffer(buffer);
  }
}
