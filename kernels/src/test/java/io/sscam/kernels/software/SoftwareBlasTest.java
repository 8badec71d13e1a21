package io.sscam.kernels.software;

import static io.sscam.kernels.software.RawDevice.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sscam.kernels.cuda.driver.DevicePointer;
import java.util.Arrays;
import jcuda.Pointer;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.runtime.cudaStream_t;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The software cuBLAS under JCublas2's natives, against plain loops in double. */
class SoftwareBlasTest {
  private static final int COMPUTE_32F = 68;
  private static final int INVALID_VALUE = 7;
  private static final int NOT_SUPPORTED = 15;

  private final cublasHandle handle = new cublasHandle();
  private RawDevice device;

  @BeforeEach
  void open() {
    device = new RawDevice();
    ok(JCublas2.cublasCreate(handle));
    device.own(() -> ok(JCublas2.cublasDestroy(handle)));
    ok(JCublas2.cublasSetStream(handle, new cudaStream_t(device.stream)));
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

  private static int type(boolean half) {
    return half ? 2 : 0;
  }

  /** Element (i, j) of op(M), which is stored by columns. */
  private static double element(float[] m, int stride, boolean transposed, int i, int j) {
    return transposed ? m[i * stride + j] : m[j * stride + i];
  }

  @ParameterizedTest
  @CsvSource({
    // m, n, k, transposed A, transposed B
    "1, 1, 1, false, false",
    "7, 5, 3, false, false",
    "17, 3, 40, true, false",
    "33, 20, 9, false, true",
    "5, 31, 300, true, true",
    "1000, 2, 64, true, false",
  })
  void products(int m, int n, int k, boolean ta, boolean tb) {
    int lda = (ta ? k : m) + 2;
    int ldb = (tb ? n : k) + 1;
    int ldc = m + 3;
    float[] a = Dense.values(lda * (ta ? m : k), 1);
    float[] b = Dense.values(ldb * (tb ? k : n), 2);
    float[] before = Dense.values(ldc * n, 3);
    double[] expected = new double[ldc * n];
    Arrays.setAll(expected, i -> before[i]);
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < m; i++) {
        double sum = 0;
        for (int l = 0; l < k; l++) {
          sum += element(a, lda, ta, i, l) * element(b, ldb, tb, l, j);
        }
        expected[j * ldc + i] = 2 * sum + 0.5 * before[j * ldc + i];
      }
    }
    Pointer alpha = Pointer.to(new float[] {2});
    Pointer beta = Pointer.to(new float[] {0.5f});
    for (int types = 0; types < 3; types++) {
      boolean halfIn = types > 0;
      boolean halfOut = types > 1;
      long c = Dense.send(device, before, halfOut);
      ok(
          JCublas2.cublasGemmEx_new(
              handle,
              ta ? 1 : 0,
              tb ? 1 : 0,
              m,
              n,
              k,
              alpha,
              at(Dense.send(device, a, halfIn)),
              type(halfIn),
              lda,
              at(Dense.send(device, b, halfIn)),
              type(halfIn),
              ldb,
              beta,
              at(c),
              type(halfOut),
              ldc,
              COMPUTE_32F,
              -1));
      check(c, expected, halfOut);
    }
    long c = device.put(before);
    ok(
        JCublas2.cublasSgemm(
            handle,
            ta ? 1 : 0,
            tb ? 1 : 0,
            m,
            n,
            k,
            alpha,
            at(device.put(a)),
            lda,
            at(device.put(b)),
            ldb,
            beta,
            at(c),
            ldc));
    check(c, expected, false);
  }

  private void check(long c, double[] expected, boolean half) {
    device.synchronise();
    float[] actual =
        half ? Dense.toFloat(device.shorts(c, expected.length)) : device.floats(c, expected.length);
    for (int i = 0; i < actual.length; i++) {
      double slack = Math.max(1, Math.abs(expected[i])) * (half ? 0x1p-11 : 1e-6);
      assertThat((double) actual[i]).as("element %d", i).isCloseTo(expected[i], within(slack));
    }
  }

  /** A sum of 25088 terms, as in VGG's first linear layer. */
  @Test
  void longSumsStayAccurate() {
    int k = 25088;
    float[] a = new float[k];
    Arrays.fill(a, 0.1f);
    long c = device.room(4);
    Pointer one = Pointer.to(new float[] {1});
    Pointer zero = Pointer.to(new float[] {0});
    ok(
        JCublas2.cublasSgemm(
            handle,
            1,
            0,
            1,
            1,
            k,
            one,
            at(device.put(a)),
            k,
            at(device.put(a)),
            k,
            zero,
            at(c),
            1));
    double expected = k * (double) 0.1f * 0.1f;
    assertThat((double) device.floats(c, 1)[0]).isCloseTo(expected, within(1e-6 * expected));
  }

  @Test
  void whatTheRealOneRefusesIsRefused() {
    Pointer one = Pointer.to(new float[] {1});
    long data = device.put(new float[64]);
    assertThat(
            JCublas2.cublasGemmEx_new(
                handle,
                0,
                0,
                4,
                4,
                4,
                one,
                at(data),
                0,
                3,
                at(data),
                0,
                4,
                one,
                at(data),
                0,
                4,
                COMPUTE_32F,
                -1))
        .as("a stride less than the rows")
        .isEqualTo(INVALID_VALUE);
    assertThat(
            JCublas2.cublasGemmEx_new(
                handle,
                0,
                0,
                4,
                4,
                4,
                one,
                at(data),
                0,
                4,
                at(data),
                2,
                4,
                one,
                at(data),
                0,
                4,
                COMPUTE_32F,
                -1))
        .as("mixed inputs")
        .isEqualTo(NOT_SUPPORTED);
    assertThat(
            JCublas2.cublasGemmEx_new(
                handle, 0, 0, 4, 4, 4, one, at(data), 0, 4, at(data), 0, 4, one, at(data), 0, 4, 64,
                -1))
        .as("sums in half")
        .isEqualTo(NOT_SUPPORTED);
    ok(JCublas2.cublasSetWorkspace(handle, at(data), 256));
    assertThat(JCublas2.cublasSetWorkspace(handle, at(data), 257)).isEqualTo(INVALID_VALUE);
  }

  @Test
  void aMatrixThatIsTooSmallIsFound() {
    Pointer one = Pointer.to(new float[] {1});
    long data = device.put(new float[15]);
    assertThat(
            JCublas2.cublasSgemm(
                handle, 0, 0, 4, 4, 4, one, at(data), 4, at(data), 4, one, at(data), 4))
        .isNotZero();
    assertThat(SoftwareDevice.complaints())
        .containsExactly("cuBLAS was given a matrix that reaches beyond an allocation");
    SoftwareDevice.reset();
  }

  @Test
  void aCallThatTheDeviceLacksIsLoudWithCublasStatus() {
    Pointer one = Pointer.to(new double[] {1});
    long data = device.room(64);
    assertThat(
            JCublas2.cublasDgemm(
                handle, 0, 0, 1, 1, 1, one, at(data), 1, at(data), 1, one, at(data), 1))
        .isEqualTo(NOT_SUPPORTED);
    assertThat(SoftwareDevice.complaints()).containsExactly("cublasDgemm_v2 is not implemented");
    SoftwareDevice.reset();
  }
}
