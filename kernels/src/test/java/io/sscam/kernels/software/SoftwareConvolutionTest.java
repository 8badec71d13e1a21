package io.sscam.kernels.software;

import static io.sscam.kernels.software.RawDevice.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.kernels.cuda.driver.DevicePointer;
import java.util.Arrays;
import java.util.function.ToIntFunction;
import jcuda.Pointer;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnActivationDescriptor;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionFwdAlgoPerf;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnTensorDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The software cuDNN's convolutions under JCudnn's natives, against plain loops in double. */
class SoftwareConvolutionTest extends DnnBench {
  private static final int PRECOMP_GEMM = 1;
  private static final int DROP_NAN = 0;
  private static final int KEEP_NAN = 1;
  private static final int IDENTITY = 5;

  /** One convolution with everything that it needs on the device. */
  private final class Case {
    final Dense x;
    final Dense y;
    final int r;
    final int stride;
    final int padding;
    final boolean last;
    final float[] xs;
    final float[] filters;
    final float[] bias;
    final float[] before;
    final long xAddress;
    final long fAddress;
    final long bAddress;
    final long yAddress;
    final long space;
    final cudnnTensorDescriptor xd;
    final cudnnTensorDescriptor yd;
    final cudnnTensorDescriptor bd;
    final cudnnFilterDescriptor fd;
    final cudnnConvolutionDescriptor cd;

    /** Last: channels last, in the filter too. */
    Case(Dense x, Dense y, int r, int stride, int padding, boolean last) {
      this.x = x;
      this.y = y;
      this.r = r;
      this.stride = stride;
      this.padding = padding;
      this.last = last;
      xs = Dense.values(x.extent(), 1);
      filters = Dense.values(y.c() * x.c() * r * r, 2);
      bias = Dense.values(y.c(), 3);
      before = new float[y.extent()];
      Arrays.fill(before, UNTOUCHED);
      xAddress = x.send(device, xs);
      fAddress = Dense.send(device, filters, x.half());
      bAddress = Dense.send(device, bias, x.half());
      yAddress = y.send(device, before);
      space = device.room(1 << 20);
      xd = describe(x);
      yd = describe(y);
      bd = describe(Dense.nchw(1, y.c(), 1, 1, x.half()));
      fd = describeFilters(x, y, r, last);
      cd = describeConvolution(stride, padding);
    }

    float filter(int k, int c, int i, int j) {
      return filters[last ? ((k * r + i) * r + j) * x.c() + c : ((k * x.c() + c) * r + i) * r + j];
    }

    double sum(int n, int k, int oy, int ox) {
      double sum = 0;
      for (int c = 0; c < x.c(); c++) {
        for (int i = 0; i < r; i++) {
          for (int j = 0; j < r; j++) {
            int h = oy * stride - padding + i;
            int w = ox * stride - padding + j;
            if (h >= 0 && h < x.h() && w >= 0 && w < x.w()) {
              sum += (double) xs[x.at(n, c, h, w)] * filter(k, c, i, j);
            }
          }
        }
      }
      return sum;
    }

    int plain(int algorithm, long room) {
      return plain(algorithm, room, yAddress);
    }

    int plain(int algorithm, long room, long to) {
      return JCudnn.cudnnConvolutionForward(
          handle,
          ONE,
          xd,
          at(xAddress),
          fd,
          at(fAddress),
          cd,
          algorithm,
          at(space),
          room,
          ZERO,
          yd,
          at(to));
    }

    int fused(int algorithm, int mode, float alpha2, Dense z, long zAddress) {
      return fused(algorithm, mode, DROP_NAN, alpha2, z, zAddress);
    }

    int fused(int algorithm, int mode, int nan, float alpha2, Dense z, long zAddress) {
      cudnnActivationDescriptor a = new cudnnActivationDescriptor();
      ok(JCudnn.cudnnCreateActivationDescriptor(a));
      device.own(() -> ok(JCudnn.cudnnDestroyActivationDescriptor(a)));
      ok(JCudnn.cudnnSetActivationDescriptor(a, mode, nan, 0));
      return JCudnn.cudnnConvolutionBiasActivationForward(
          handle,
          ONE,
          xd,
          at(xAddress),
          fd,
          at(fAddress),
          cd,
          algorithm,
          at(space),
          1 << 20,
          Pointer.to(new float[] {alpha2}),
          describe(z),
          at(zAddress),
          bd,
          at(bAddress),
          a,
          yd,
          at(yAddress));
    }

    float[] result() {
      device.synchronise();
      return y.fetch(device, yAddress);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // n, c, h, w, k, r, stride, padding
    "1, 1, 1, 1, 1, 1, 1, 0",
    "2, 3, 13, 11, 7, 3, 1, 1",
    "1, 5, 9, 17, 13, 1, 1, 0",
    "3, 4, 15, 15, 6, 7, 2, 3",
    "1, 2, 8, 40, 5, 3, 2, 0",
    "1, 70, 6, 6, 17, 3, 1, 1",
    "1, 3, 12, 12, 5, 5, 3, 2",
  })
  void convolutions(int n, int c, int h, int w, int k, int r, int stride, int padding) {
    int oh = out(h, r, stride, padding);
    int ow = out(w, r, stride, padding);
    for (boolean half : new boolean[] {false, true}) {
      for (boolean last : new boolean[] {false, true}) {
        Case one =
            last
                ? new Case(
                    Dense.nhwc(n, c, h, w, half),
                    Dense.nhwc(n, k, oh, ow, half),
                    r,
                    stride,
                    padding,
                    true)
                : new Case(
                    Dense.nchw(n, c, h, w, half),
                    Dense.nchw(n, k, oh, ow, half),
                    r,
                    stride,
                    padding,
                    false);
        int[] dims = new int[4];
        int[][] out = {new int[1], new int[1], new int[1], new int[1]};
        ok(
            JCudnn.cudnnGetConvolution2dForwardOutputDim(
                one.cd, one.xd, one.fd, out[0], out[1], out[2], out[3]));
        Arrays.setAll(dims, i -> out[i][0]);
        assertThat(dims).containsExactly(n, k, oh, ow);
        ok(one.plain(PRECOMP_GEMM, 1 << 20));
        assertEqual(one.y, one.result(), one::sum);
      }
    }
  }

  /** Bias, residual, ReLU, into and out of slices of larger tensors. */
  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void fusedWithResidualInSlices(boolean half, boolean last) {
    // x: channels 2 ... 6 of 9, y: channels 1 ... 4 of 6
    Dense x =
        last
            ? new Dense(2, 5, 7, 8, 9 * 56, 1, 72, 9, half)
            : new Dense(2, 5, 7, 8, 9 * 56, 56, 8, 1, half);
    Dense y =
        last
            ? new Dense(2, 4, 7, 8, 6 * 56, 1, 48, 6, half)
            : new Dense(2, 4, 7, 8, 6 * 56, 56, 8, 1, half);
    Case one = new Case(x, y, 3, 1, 1, last);
    float[] residual = Dense.values(y.extent(), 4);
    long z = y.send(device, residual);
    ok(one.fused(PRECOMP_GEMM, RELU, 0.5f, y, z));
    assertEqual(
        y,
        one.result(),
        (n, c, h, w) ->
            Math.max(one.sum(n, c, h, w) + one.bias[c] + 0.5 * residual[y.at(n, c, h, w)], 0));
    ok(one.fused(PRECOMP_GEMM, IDENTITY, 0, y, z));
    assertEqual(y, one.result(), (n, c, h, w) -> one.sum(n, c, h, w) + one.bias[c]);
  }

  @Test
  void aFusedReluDropsNaNAndRefusesToKeepIt() {
    Dense x = Dense.nchw(1, 1, 1, 2, false);
    Case one = new Case(x, Dense.nchw(1, 1, 1, 2, false), 1, 1, 0, false);
    one.xs[1] = Float.NaN;
    ok(
        JCudaDriver.cuMemcpyHtoD(
            new DevicePointer(one.xAddress), Pointer.to(new float[] {1, Float.NaN}), 8));
    ok(one.fused(PRECOMP_GEMM, RELU, 0, one.y, one.yAddress));
    assertThat(one.result()[0]).isFinite();
    assertThat(one.result()[1]).isZero();
    assertThat(one.fused(PRECOMP_GEMM, RELU, KEEP_NAN, 0, one.y, one.yAddress))
        .isEqualTo(NOT_SUPPORTED);
  }

  @Test
  void whatTheRealOneRefusesIsRefused() {
    Dense x = Dense.nchw(1, 2, 6, 6, false);
    Case one = new Case(x, Dense.nchw(1, 3, 6, 6, false), 3, 1, 1, false);
    assertThat(one.plain(PRECOMP_GEMM, 16)).as("a workspace too small").isEqualTo(BAD_PARAMETER);
    assertThat(one.plain(3, 1 << 20)).as("direct").isEqualTo(NOT_SUPPORTED);
    assertThat(one.fused(0, IDENTITY, 0, one.y, one.yAddress))
        .as("identity with another algorithm than 1")
        .isEqualTo(NOT_SUPPORTED);
    Dense other = Dense.nchw(1, 3, 5, 6, false);
    assertThat(one.fused(PRECOMP_GEMM, RELU, 1, other, one.yAddress))
        .as("a residual of another shape")
        .isEqualTo(BAD_PARAMETER);
    Case wrong = new Case(x, Dense.nchw(1, 3, 5, 6, false), 3, 1, 1, false);
    assertThat(wrong.plain(PRECOMP_GEMM, 1 << 20)).as("shapes").isEqualTo(BAD_PARAMETER);
    assertThat(one.result()).containsOnly(UNTOUCHED);
    assertThat(SoftwareDevice.complaints()).isEmpty();
  }

  @Test
  void memoryThatIsTooSmallIsFound() {
    Dense x = Dense.nchw(1, 2, 6, 6, false);
    Case one = new Case(x, Dense.nchw(1, 3, 6, 6, false), 3, 1, 1, false);
    assertThat(one.plain(0, 0, one.yAddress + 16)).isEqualTo(EXECUTION_FAILED);
    assertThat(SoftwareDevice.complaints())
        .containsExactly("cuDNN was given an output that reaches beyond an allocation");
    SoftwareDevice.reset();
  }

  @Test
  void measuringAnswersTimesAndWorkspacesAndSpoilsTheOutput() {
    Dense slice = new Dense(1, 3, 6, 6, 5 * 36, 36, 6, 1, false);
    Case one = new Case(Dense.nchw(1, 2, 6, 6, false), slice, 3, 1, 1, false);
    cudnnConvolutionFwdAlgoPerf[] found = new cudnnConvolutionFwdAlgoPerf[8];
    Arrays.setAll(found, i -> new cudnnConvolutionFwdAlgoPerf());
    int[] count = new int[1];
    ToIntFunction<Long> find =
        room ->
            JCudnn.cudnnFindConvolutionForwardAlgorithmEx(
                handle,
                one.xd,
                at(one.xAddress),
                one.fd,
                at(one.fAddress),
                one.cd,
                one.yd,
                at(one.yAddress),
                8,
                count,
                found,
                at(one.space),
                room);
    ok(find.applyAsInt(1L << 20));
    assertThat(count[0]).isGreaterThan(2);
    assertThat(found[0].status).isZero();
    assertThat(found[0].time).isPositive();
    assertThat(found[0].memory).isPositive();
    assertThat(one.result()[0]).isNotEqualTo(UNTOUCHED);
    ok(one.plain(found[0].algo, found[0].memory));
    assertThat(one.plain(found[0].algo, found[0].memory - 1)).isEqualTo(BAD_PARAMETER);
    assertEqual(slice, one.result(), one::sum);
    ok(find.applyAsInt(0L));
    assertThat(found[0].memory).as("without a workspace").isZero();
    ok(
        JCudnn.cudnnGetConvolutionForwardAlgorithm_v7(
            handle, one.xd, one.fd, one.cd, one.yd, 8, count, found));
    assertThat(count[0]).isGreaterThan(2);
    long[] size = new long[1];
    ok(
        JCudnn.cudnnGetConvolutionForwardWorkspaceSize(
            handle, one.xd, one.fd, one.cd, one.yd, found[0].algo, size));
    assertThat(size[0]).isEqualTo(found[0].memory);
    assertThat(find.applyAsInt(2L << 20)).as("no such workspace").isEqualTo(EXECUTION_FAILED);
    SoftwareDevice.reset();
  }

  /** A convolution on a stream that is being captured runs when the graph is launched. */
  @Test
  void aConvolutionIsCaptured() {
    Dense x = Dense.nchw(1, 2, 6, 6, false);
    Case one = new Case(x, Dense.nchw(1, 3, 6, 6, false), 3, 1, 1, false);
    ok(
        JCudaDriver.cuStreamBeginCapture(
            device.stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
    ok(one.plain(PRECOMP_GEMM, 1 << 20));
    CUgraph graph = new CUgraph();
    ok(JCudaDriver.cuStreamEndCapture(device.stream, graph));
    device.own(() -> ok(JCudaDriver.cuGraphDestroy(graph)));
    CUgraphExec executable = new CUgraphExec();
    ok(JCudaDriver.cuGraphInstantiate(executable, graph, 0));
    device.own(() -> ok(JCudaDriver.cuGraphExecDestroy(executable)));
    assertThat(one.result()).containsOnly(UNTOUCHED);
    ok(JCudaDriver.cuGraphLaunch(executable, device.stream));
    assertEqual(one.y, one.result(), one::sum);
  }
}
