package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sscam.engine.HostTensor;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.engine.backend.Session;
import io.sscam.engine.cpu.CpuBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A device too small for the chunk asked for gets smaller chunks, and the result says so. */
class OutOfMemoryTest {
  private static final List<Target> TARGET = List.of(Target.parse("1"));

  private final Backend cpu = new CpuBackend(2);

  /** The CPU, on which batches beyond {@link #room} do not fit. */
  private final Backend tight = intercept(Backend.class, cpu);

  private final HostTensor picture = TinyNet.picture(3);

  /** The largest batch that fits when compiling. */
  private int room = 64;

  /** How many arenas may still be opened before memory is short once. */
  private int arenas = Integer.MAX_VALUE;

  @AfterEach
  void close() {
    assertThat(cpu.liveBytes()).isZero();
    cpu.close();
  }

  @Test
  void chunkIsHalvedUntilItFits() throws Exception {
    room = 5;
    try (Classifier classifier = new TinyNet(1).classifier(tight);
        Explainer explainer = classifier.explainer().batch(40).open()) {
      assertThat(explainer.batch()).isEqualTo(5);
      Explanation explanation = explainer.explain(picture, TARGET, 7).get(0);
      assertThat(explanation.batch()).isEqualTo(5);
      assertThat(explanation.heatmap().data()).containsExactly(plenty(), within(1e-5f));
    }
  }

  @Test
  void memoryThatIsTakenMeanwhile() throws Exception {
    try (Classifier classifier = new TinyNet(1).classifier(tight);
        Explainer explainer = classifier.explainer().batch(40).open()) {
      arenas = 1; // the second of an explanation fails
      Explanation explanation = explainer.explain(picture, TARGET, 7).get(0);
      assertThat(explanation.batch()).isEqualTo(20);
      assertThat(explanation.heatmap().data()).containsExactly(plenty(), within(1e-5f));
    }
  }

  @Test
  void notEvenOnePictureFits() throws Exception {
    room = 0;
    try (Classifier classifier = new TinyNet(1).classifier(tight)) {
      assertThatThrownBy(() -> classifier.explainer().batch(8).open())
          .isInstanceOf(OutOfDeviceMemoryException.class);
    }
  }

  private float[] plenty() throws Exception {
    try (Classifier classifier = new TinyNet(1).classifier(cpu);
        Explainer explainer = classifier.explainer().batch(40).open()) {
      return explainer.explain(picture, TARGET, 7).get(0).heatmap().data();
    }
  }

  private void before(Method method, Object[] arguments) {
    if (method.getName().equals("compile") && (int) arguments[1] > room) {
      throw new OutOfDeviceMemoryException("no room for " + arguments[1]);
    }
    if (method.getName().equals("arena") && arenas-- == 0) {
      throw new OutOfDeviceMemoryException("no room for " + arguments[0]);
    }
  }

  private <T> T intercept(Class<T> type, T target) {
    UnaryOperator<Object> wrap = r -> r instanceof Session s ? intercept(Session.class, s) : r;
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              before(method, arguments);
              try {
                return wrap.apply(method.invoke(target, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
