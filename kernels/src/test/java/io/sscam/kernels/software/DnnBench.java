package io.sscam.kernels.software;

import static io.sscam.kernels.software.RawDevice.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sscam.kernels.cuda.driver.DevicePointer;
import jcuda.Pointer;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.runtime.cudaStream_t;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A cuDNN handle on the software device, and how its results are compared. */
abstract class DnnBench {
  static final float UNTOUCHED = 99;
  static final Pointer ONE = Pointer.to(new float[] {1});
  static final Pointer ZERO = Pointer.to(new float[] {0});
  static final int BAD_PARAMETER = 2000;
  static final int NOT_SUPPORTED = 3000;
  static final int EXECUTION_FAILED = 5000;
  static final int RELU = 1;

  final cudnnHandle handle = new cudnnHandle();
  RawDevice device;

  @BeforeEach
  void open() {
    device = new RawDevice();
    ok(JCudnn.cudnnCreate(handle));
    device.own(() -> ok(JCudnn.cudnnDestroy(handle)));
    ok(JCudnn.cudnnSetStream(handle, new cudaStream_t(device.stream)));
  }

  @AfterEach
  void close() throws Exception {
    if (device != null) {
      device.close();
    }
  }

  cudnnTensorDescriptor describe(Dense t) {
    cudnnTensorDescriptor d = new cudnnTensorDescriptor();
    ok(JCudnn.cudnnCreateTensorDescriptor(d));
    device.own(() -> ok(JCudnn.cudnnDestroyTensorDescriptor(d)));
    ok(
        JCudnn.cudnnSetTensor4dDescriptorEx(
            d, t.half() ? 2 : 0, t.n(), t.c(), t.h(), t.w(), t.sn(), t.sc(), t.sh(), t.sw()));
    return d;
  }

  /** Square filters from {@code x} to {@code y}; last: with channels last. */
  cudnnFilterDescriptor describeFilters(Dense x, Dense y, int r, boolean last) {
    cudnnFilterDescriptor d = new cudnnFilterDescriptor();
    ok(JCudnn.cudnnCreateFilterDescriptor(d));
    device.own(() -> ok(JCudnn.cudnnDestroyFilterDescriptor(d)));
    ok(JCudnn.cudnnSetFilter4dDescriptor(d, x.half() ? 2 : 0, last ? 1 : 0, y.c(), x.c(), r, r));
    return d;
  }

  cudnnConvolutionDescriptor describeConvolution(int stride, int padding) {
    cudnnConvolutionDescriptor d = new cudnnConvolutionDescriptor();
    ok(JCudnn.cudnnCreateConvolutionDescriptor(d));
    device.own(() -> ok(JCudnn.cudnnDestroyConvolutionDescriptor(d)));
    ok(JCudnn.cudnnSetConvolution2dDescriptor(d, padding, padding, stride, stride, 1, 1, 1, 0));
    return d;
  }

  /** The extent of a convolution's output. */
  static int out(int extent, int r, int stride, int padding) {
    return (extent + 2 * padding - r) / stride + 1;
  }

  static Pointer at(long address) {
    return new DevicePointer(address);
  }

  interface Expected {
    double at(int n, int c, int h, int w);
  }

  /** Every element as expected, every gap untouched. */
  static void assertEqual(Dense y, float[] actual, Expected expected) {
    boolean[] seen = new boolean[actual.length];
    for (int n = 0; n < y.n(); n++) {
      for (int c = 0; c < y.c(); c++) {
        for (int h = 0; h < y.h(); h++) {
          for (int w = 0; w < y.w(); w++) {
            double want = expected.at(n, c, h, w);
            double slack = Math.max(1, Math.abs(want)) * (y.half() ? 0x1p-11 : 1e-6);
            assertThat((double) actual[y.at(n, c, h, w)])
                .as("(%d, %d, %d, %d)", n, c, h, w)
                .isCloseTo(want, within(slack));
            seen[y.at(n, c, h, w)] = true;
          }
        }
      }
    }
    for (int i = 0; i < seen.length; i++) {
      assertThat(seen[i] || actual[i] == UNTOUCHED).as("element %d lies between", i).isTrue();
    }
  }
}
