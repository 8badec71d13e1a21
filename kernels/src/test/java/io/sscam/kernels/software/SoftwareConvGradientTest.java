package io.sscam.kernels.software;

import static io.sscam.kernels.software.RawDevice.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnTensorDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The software cuDNN's gradient of a convolution by its input, against plain loops in double. */
class SoftwareConvGradientTest extends DnnBench {
  private static final int ALGO_0 = 0;
  private static final int ALGO_1 = 1;
  private static final int FFT = 2;
  private static final int WINOGRAD = 4;
  private static final long SPACE = 1 << 20;

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
    final cudnnFilterDescriptor fd;
    final cudnnConvolutionDescriptor cd;

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
      fd = describeFilters(dx, dy, r, last);
      cd = describeConvolution(stride, padding);
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

    void check() {
      assertEqual(dx, result(), this::expected);
    }
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
