package io.sscam.kernels.cuda.net;

import io.sscam.engine.graph.Window;
import io.sscam.kernels.cuda.driver.CudaStream;
import io.sscam.kernels.cuda.op.OpModules;

/** The project's own kernels that nets use, told by operand which variant is wanted. */
final class NetKernels {
  NetKernels(OpModules modules, CudaStream stream) {}

  void maxPool(Operand in, Operand out, int pictures, Window window, long x, long y) {}

  void adaptiveAvgPool(Operand in, int pictures, long x, long y, int rows, int columns) {}

  void globalAvgPool(Operand in, int pictures, long x, long y) {}

  void biasResidualRelu(Operand out, int pictures, long y, long bias, long z, boolean relu) {}

  void biasReluRows(boolean half, long y, long bias, int rows, int width, boolean relu) {}

  void copyChannels(Operand from, int pictures, long x, Operand to, long y) {}

  void toFloat(Operand value, int pictures, long from, long to) {}

  void toHalf(long from, long count, long to) {}

  void toChannelsLast(long from, int n, int channels, long plane, int padded, long to) {}
}
