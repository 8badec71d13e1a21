package io.sscam.kernels.software;

import static io.sscam.kernels.software.RawDevice.ok;
import static org.assertj.core.api.Assertions.assertThat;

import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnActivationDescriptor;
import jcuda.jcudnn.cudnnPoolingDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rest of the software cuDNN under JCudnn's natives, against plain loops in double. */
class SoftwareDnnTest extends DnnBench {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void maxPooling(boolean half) {
    Dense x = Dense.nhwc(2, 3, 9, 10, half);
    Dense y = Dense.nchw(2, 3, 5, 5, half);
    float[] xs = Dense.values(x.extent(), 5);
    xs[x.at(1, 2, 0, 0)] = Float.NaN;
    long from = x.send(device, xs);
    long to = y.send(device, new float[y.extent()]);
    cudnnPoolingDescriptor p = new cudnnPoolingDescriptor();
    ok(JCudnn.cudnnCreatePoolingDescriptor(p));
    device.own(() -> ok(JCudnn.cudnnDestroyPoolingDescriptor(p)));
    ok(JCudnn.cudnnSetPooling2dDescriptor(p, 0, 1, 3, 3, 1, 1, 2, 2));
    ok(
        JCudnn.cudnnPoolingForward(
            handle, p, ONE, describe(x), at(from), ZERO, describe(y), at(to)));
    float[] actual = y.fetch(device, to);
    assertThat(actual[y.at(1, 2, 0, 0)]).isNaN();
    actual[y.at(1, 2, 0, 0)] = 0;
    assertEqual(
        y,
        actual,
        (n, c, oy, ox) -> {
          if (n == 1 && c == 2 && oy == 0 && ox == 0) {
            return 0;
          }
          double best = Double.NEGATIVE_INFINITY;
          for (int h = Math.max(0, oy * 2 - 1); h < Math.min(9, oy * 2 + 2); h++) {
            for (int w = Math.max(0, ox * 2 - 1); w < Math.min(10, ox * 2 + 2); w++) {
              best = Math.max(best, xs[x.at(n, c, h, w)]);
            }
          }
          return best;
        });
    Dense ceil = Dense.nchw(2, 3, 5, 6, half);
    assertThat(
            JCudnn.cudnnPoolingForward(
                handle, p, ONE, describe(x), at(from), ZERO, describe(ceil), at(to)))
        .as("ceil mode")
        .isEqualTo(BAD_PARAMETER);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void additionsAndActivations(boolean half) {
    Dense y = Dense.nhwc(2, 3, 4, 5, half);
    Dense b = Dense.nchw(1, 3, 1, 1, half);
    float[] ys = Dense.values(y.extent(), 6);
    float[] bs = Dense.values(3, 7);
    long to = y.send(device, ys);
    ok(
        JCudnn.cudnnAddTensor(
            handle, ONE, describe(b), at(b.send(device, bs)), ONE, describe(y), at(to)));
    cudnnActivationDescriptor relu = new cudnnActivationDescriptor();
    ok(JCudnn.cudnnCreateActivationDescriptor(relu));
    device.own(() -> ok(JCudnn.cudnnDestroyActivationDescriptor(relu)));
    ok(JCudnn.cudnnSetActivationDescriptor(relu, RELU, 1, 0));
    ok(
        JCudnn.cudnnActivationForward(
            handle, relu, ONE, describe(y), at(to), ZERO, describe(y), at(to)));
    assertEqual(y, y.fetch(device, to), (n, c, h, w) -> Math.max(ys[y.at(n, c, h, w)] + bs[c], 0));
  }

  @Test
  void aCallThatTheDeviceLacksIsLoudWithCudnnsStatus() {
    Dense x = Dense.nchw(1, 1, 1, 1, false);
    long data = device.room(4);
    assertThat(
            JCudnn.cudnnSoftmaxForward(
                handle, 0, 0, ONE, describe(x), at(data), ZERO, describe(x), at(data)))
        .isEqualTo(NOT_SUPPORTED);
    assertThat(SoftwareDevice.complaints())
        .containsExactly("cudnnSoftmaxForward is not implemented");
    SoftwareDevice.reset();
  }
}
