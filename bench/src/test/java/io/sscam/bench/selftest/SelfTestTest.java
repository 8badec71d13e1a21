package io.sscam.bench.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.cpu.CpuBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sound device passes; a device with one fault fails there and only there. */
class SelfTestTest {

  @Test
  void theCpuPasses() {
    try (Backend cpu = new CpuBackend(2)) {
      List<Finding> findings = new SelfTest(cpu, Precision.FP32, 2).run(finding -> {});
      assertThat(findings).hasSize(22).allMatch(Finding::passed);
      assertThat(cpu.liveBytes()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"maskMultiply, maskMultiply", "softmax, softmax", "gaussianNoise, gaussianNoise"})
  void aFaultIsFound(String operation, String finding) {
    try (Backend cpu = new CpuBackend(2)) {
      List<Finding> findings =
          new SelfTest(faulty(Backend.class, cpu, operation), Precision.FP32, 2)
              .operations(f -> {});
      assertThat(findings)
          .filteredOn(f -> !f.passed())
          .extracting(Finding::what)
          .containsExactly(finding);
    }
  }

  @Test
  void notANumberIsWorseThanAllNumbers() {
    assertThat(Finding.error(new float[] {1, Float.NaN}, new float[] {1, 1}, 1))
        .isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(new Finding("x", 1, Double.NaN, 1).passed()).isFalse();
    assertThat(Finding.error(new float[] {1, 3}, new float[] {1, 4}, 1)).isEqualTo(0.25);
  }

  /** A device whose named operation gets the first element of its result wrong by 1 %. */
  private static <T> T faulty(Class<T> type, T target, String operation) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              Object result;
              try {
                result = method.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (method.getName().equals(operation)) {
                spoil((Session) target, (Tensor) arguments[arguments.length - 1]);
              }
              return result instanceof Session session
                  ? faulty(Session.class, session, operation)
                  : result;
            }));
  }

  private static void spoil(Session session, Tensor tensor) {
    float[] values = new float[tensor.shape().elementsAsInt()];
    session.download(tensor, values);
    int largest = 0;
    for (int i = 0; i < values.length; i++) {
      largest = Math.abs(values[i]) > Math.abs(values[largest]) ? i : largest;
    }
    values[largest] *= 1.01f;
    session.upload(values, tensor);
  }
}
