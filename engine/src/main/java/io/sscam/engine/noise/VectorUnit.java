package io.sscam.engine.noise;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/**
 * What HotSpot's compiler C2 uses of this machine's vector unit, as its flags say: they hold what
 * it found and what the user has forbidden it. A virtual machine without these flags, or a runtime
 * image without the module {@code jdk.management}, counts as one that uses nothing. The first look
 * takes some 50 ms, for the classes of the management interface.
 */
final class VectorUnit {
  /** C2 has an instruction for products of 64 bits where vectors have so many bytes (AVX-512). */
  private static final int BYTES_WITH_LONG_PRODUCTS = 64;

  /** {@link Math#fma} is an instruction; otherwise it is hundreds of times slower than a sum. */
  static final boolean FUSED_MULTIPLY_ADD = Boolean.parseBoolean(flag("UseFMA", "false"));

  /** {@code long}s are multiplied faster than the {@code int}s that hold the same. */
  static final boolean LONG_PRODUCTS =
      Integer.parseInt(flag("MaxVectorSize", "0")) >= BYTES_WITH_LONG_PRODUCTS;

  private VectorUnit() {}

  private static String flag(String name, String unknown) {
    try {
      HotSpotDiagnosticMXBean flags =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return flags == null ? unknown : flags.getVMOption(name).getValue();
    } catch (LinkageError | IllegalArgumentException absent) {
      return unknown;
    }
  }
}
