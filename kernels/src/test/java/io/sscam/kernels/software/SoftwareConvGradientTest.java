package io.sscam.kernels.software;

import static io.sscam.kernels.software.RawDevice.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.kernels.cuda.driver.DevicePointer;
import java.util.Arrays;
import jcuda.Pointer;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.runtime.cudaStream_t;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The software cuDNN's gradient of a convolution by its input, against plain loops in double. */
class SoftwareConvGradientTest {
  private static final int BAD_PARAMETER = 2000;
  private static final int NOT_SUPPORTED = 3000;
  private static final int EXECUTION_FAILED = 5000;
  private static final int ALGO_0 = 0;
  private static final int ALGO_1 = 1;
  private static final int FFT = 2;
  private static final int WINOGRAD = 4;
  private static final long SPACE = 1 << 20;
  private static final float UNTOUCHED = 99;
  private static final Pointer ONE = Pointer.to(new float[] {1});
  private static final Pointer ZERO = Pointer.to(new float[] {0});

  private final cudnnHandle handle = new cudnnHandle();
  private RawDevice device;

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

  private static Pointer at(long address) {
    return new DevicePointer(address);
  }

  /** One gradient with everything that it needs on the device. */
  private final class Case {
    final Dense dx;
    final Dense dy;
    final int r;
    final int stride;
    final int padding;
    final boolean last;
    final float[] filters;
    final float[] gradient;
    final long filterAddress;
    final long dyAddress;
    final long dxAddress;
    final long space = device.room(SPACE);
    final cudnnTensorDescriptor dxd;
    final cudnnTensorDescriptor dyd;
    final cudnnFilterDescriptor fd = new cudnnFilterDescriptor();
    final cudnnConvolutionDescriptor cd = new cudnnConvolutionDescriptor();

    /** Last: the filter's channels last. */
    Case(Dense dx, Dense dy, int r, int stride, int padding, boolean last) {
      this.dx = dx;
      this.dy = dy;
      this.r = r;
      this.stride = stride;
      this.padding = padding;
      this.last = last;
      filters = Dense.values(dy.c() * dx.c() * r * r, 2);
      gradient = Dense.values(dy.extent(), 3);
      float[] before = new float[dx.extent()];
      Arrays.fill(before, UNTOUCHED);
      filterAddress = Dense.send(device, filters, dx.half());
      dyAddress = dy.send(device, gradient);
      dxAddress = dx.send(device, before);
      dxd = describe(dx);
      dyd = describe(dy);
      ok(JCudnn.cudnnCreateFilterDescriptor(fd));
      device.own(() -> ok(JCudnn.cudnnDestroyFilterDescriptor(fd)));
      int type = dx.half() ? 2 : 0;
      ok(JCudnn.cudnnSetFilter4dDescriptor(fd, type, last ? 1 : 0, dy.c(), dx.c(), r, r));
      ok(JCudnn.cudnnCreateConvolutionDescriptor(cd));
      device.own(() -> ok(JCudnn.cudnnDestroyConvolutionDescriptor(cd)));
      ok(JCudnn.cudnnSetConvolution2dDescriptor(cd, padding, padding, stride, stride, 1, 1, 1, 0));
    }

    private cudnnTensorDescriptor describe(Dense t) {
      cudnnTensorDescriptor d = new cudnnTensorDescriptor();
      ok(JCudnn.cudnnCreateTensorDescriptor(d));
      device.own(() -> ok(JCudnn.cudnnDestroyTensorDescriptor(d)));
      ok(
          JCudnn.cudnnSetTensor4dDescriptorEx(
              d, t.half() ? 2 : 0, t.n(), t.c(), t.h(), t.w(), t.sn(), t.sc(), t.sh(), t.sw()));
      return d;
    }

    float filter(int k, int c, int i, int j) {
      return filters[
          last ? ((k * r + i) * r + j) * dx.c() + c : ((k * dx.c() + c) * r + i) * r + j];
    }

    /** From the outputs that read the element. */
    double expected(int n, int c, int h, int w) {
      double sum = 0;
      for (int k = 0; k < dy.c(); k++) {
        for (int oy = 0; oy < dy.h(); oy++) {
          for (int ox = 0; ox < dy.w(); ox++) {
            int i = h - oy * stride + padding;
            int j = w - ox * stride + padding;
            if (i >= 0 && i < r && j >= 0 && j < r) {
              sum += (double) gradient[dy.at(n, k, oy, ox)] * filter(k, c, i, j);
            }
          }
        }
      }
      return sum;
    }

    int run(int algorithm, long room, long to) {
      return JCudnn.cudnnConvolutionBackwardData(
          handle,
          ONE,
          fd,
          at(filterAddress),
          dyd,
          at(dyAddress),
          cd,
          algorithm,
          at(space),
          room,
          ZERO,
          dxd,
          at(to));
    }

    long workspace(int algorithm) {
      long[] size = new long[1];
      ok(
          JCudnn.cudnnGetConvolutionBackwardDataWorkspaceSize(
              handle, fd, dyd, cd, dxd, algorithm, size));
      return size[0];
    }

    float[] result() {
      device.synchronise();
      return dx.fetch(device, dxAddress);
    }

    /** Every element as expected, every gap untouched. */
    void check() {
      float[] actual = result();
      boolean[] seen = new boolean[actual.length];
      for (int e = 0; e < dx.n() * dx.c() * dx.h() * dx.w(); e++) {
        int n = e / (dx.c() * dx.h() * dx.w());
        int c = e / (dx.h() * dx.w()) % dx.c();
        int h = e / dx.w() % dx.h();
        int w = e % dx.w();
        double want = expected(n, c, h, w);
        double slack = Math.max(1, Math.abs(want)) * (dx.half() ? 0x1p-11 : 1e-6);
        float found = actual[dx.at(n, c, h, w)];
        assertThat(Math.abs(found - want) <= slack)
            .as("(%d, %d, %d, %d): %s is %s", n, c, h, w, found, want)
            .isTrue();
        seen[dx.at(n, c, h, w)] = true;
      }
      for (int i = 0; i < seen.length; i++) {
        assertThat(seen[i] || actual[i] == UNTOUCHED).as("element %d lies between", i).isTrue();
      }
    }
  }

  private static int out(int extent, int r, int stride, int padding) {
    return (extent + 2 * padding - r) / stride + 1;
  }

  @ParameterizedTest
  @CsvSource({
    // n, c, h, w, k, r, stride, padding
    "1, 1, 1, 1, 1, 1, 1, 0",
    "2, 3, 13, 11, 7, 3, 1, 1",
    "1, 5, 9, 17, 13, 1, 2, 0", // elements that nobody reads
    "3, 4, 15, 16, 6, 7, 2, 3",
    "1, 2, 8, 40, 5, 3, 2, 0",
    "1, 3, 12, 12, 5, 5, 3, 2"
  })
  void gradients(int n, int c, int h, int w, int k, int r, int stride, int padding) {
    int oh = out(h, r, stride, padding);
    int ow = out(w, r, stride, padding);
    for (boolean half : new boolean[] {false, true}) {
      Dense planes = Dense.nchw(n, c, h, w, half);
      Case first = new Case(planes, Dense.nchw(n, k, oh, ow, half), r, stride, padding, false);
      ok(first.run(ALGO_1, SPACE, first.dxAddress));
      first.check();
      Dense pixels = Dense.nhwc(n, c, h, w, half);
      Case last = new Case(pixels, Dense.nhwc(n, k, oh, ow, half), r, stride, padding, true);
      ok(last.run(ALGO_0, 0, last.dxAddress));
      last.check();
    }
  }

  /** From channels 1 … 4 of 6 to channels 2 … 6 of 9. */
  @Test
  void fromASliceToASlice() {
    Dense dx = new Dense(2, 5, 7, 8, 9 * 56, 56, 8, 1, false);
    Dense dy = new Dense(2, 4, 7, 8, 6 * 56, 56, 8, 1, false);
    Case one = new Case(dx, dy, 3, 1, 1, false);
    ok(one.run(WINOGRAD, one.workspace(WINOGRAD), one.dxAddress));
    one.check();
  }

  @Test
  void whatTheRealOneRefusesIsRefused() {
    Case one =
        new Case(Dense.nchw(1, 2, 6, 6, false), Dense.nchw(1, 3, 6, 6, false), 3, 1, 1, false);
    long needed = one.workspace(ALGO_1);
    assertThat(needed).isPositive();
    assertThat(one.run(ALGO_1, needed - 1, one.dxAddress))
        .as("a workspace too small")
        .isEqualTo(BAD_PARAMETER);
    assertThat(one.run(FFT, SPACE, one.dxAddress)).isEqualTo(NOT_SUPPORTED);
    assertThat(
            JCudnn.cudnnGetConvolutionBackwardDataWorkspaceSize(
                handle, one.fd, one.dyd, one.cd, one.dxd, FFT, new long[1]))
        .isEqualTo(NOT_SUPPORTED);
    Case strided =
        new Case(Dense.nchw(1, 2, 6, 6, false), Dense.nchw(1, 3, 3, 3, false), 3, 2, 1, false);
    assertThat(strided.run(WINOGRAD, SPACE, strided.dxAddress)).isEqualTo(NOT_SUPPORTED);
    Case wrong =
        new Case(Dense.nchw(1, 2, 6, 6, false), Dense.nchw(1, 3, 5, 6, false), 3, 1, 1, false);
    assertThat(wrong.run(ALGO_1, SPACE, wrong.dxAddress)).as("shapes").isEqualTo(BAD_PARAMETER);
    assertThat(one.result()).containsOnly(UNTOUCHED);
    assertThat(SoftwareDevice.complaints()).isEmpty();
  }

  @Test
  void memoryThatIsTooSmallIsFound() {
    Case one =
        new Case(Dense.nchw(1, 2, 6, 6, false), Dense.nchw(1, 3, 6, 6, false), 3, 1, 1, false);
    assertThat(one.run(ALGO_1, SPACE, one.dxAddress + 4)).isEqualTo(EXECUTION_FAILED);
    assertThat(one.run(ALGO_1, SPACE, one.dyAddress)).isEqualTo(BAD_PARAMETER);
    assertThat(SoftwareDevice.complaints())
        .containsExactly(
            "cuDNN was given an output that reaches beyond an allocation",
            "a convolution's gradient was to be written over what it is made from");
    SoftwareDevice.reset();
  }
}
