package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.HostTensor;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Backends;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the listener hears, and how an explanation is stopped. */
class ProgressTest {
  private static final Backend CPU = Backends.open("cpu", 2);
  private static final Classifier NET = new TinyNet(2).classifier(CPU);
  private static final HostTensor PICTURE = TinyNet.picture(3);
  private static final List<Target> TWO_CLASSES = List.of(new Target.Index(2), Target.top());

  @AfterAll
  static void close() {
    NET.close();
    assertThat(CPU.liveBytes()).isZero();
    CPU.close();
  }

  private record Heard(long done, long total) {}

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.sscam.PresetContract#methods")
  void progressRisesToTheTotal(String name, Method method) {
    List<Heard> heard = new ArrayList<>();
    try (Explainer explainer =
        NET.explainer()
            .method(method)
            .batch(7)
            .progress((done, total) -> heard.add(new Heard(done, total)))
            .open()) {
      Explanation first = explainer.explain(PICTURE, TWO_CLASSES, 1).get(0);
      long before = 0;
      for (Heard step : heard) {
        assertThat(step.done()).isGreaterThan(before).isLessThanOrEqualTo(before + 7);
        assertThat(step.total()).isEqualTo(heard.get(0).total());
        before = step.done();
      }
      assertThat(before).isEqualTo(heard.get(0).total());
      // beside the picture itself and the baseline, which may be a pass for every class
      assertThat(first.timings().forwardPasses() - before).isBetween(1L, 3L);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "literal"})
  void anotherThreadCancels(String preset) throws Exception {
    stopped(preset, (explainer, thread) -> explainer.cancel());
    assertThat(Thread.interrupted()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "literal"})
  void anInterruptCancels(String preset) throws Exception {
    stopped(preset, (explainer, thread) -> thread.interrupt());
  }

  /** How another thread stops an explainer that runs on {@code thread}. */
  private interface Stop {
    void stop(Explainer explainer, Thread thread);
  }

  /** The listener waits until the stop has been asked for, so that it always comes in time. */
  private static void stopped(String preset, Stop stop) throws Exception {
    Method method = new Method.SsCam(preset, Scoring.preset(preset).withSamples(5));
    List<Long> heard = new ArrayList<>();
    Explainer[] running = new Explainer[1];
    Thread self = Thread.currentThread();
    ProgressListener listener =
        (done, total) -> {
          heard.add(done);
          if (heard.size() == 2) {
            Thread other = new Thread(() -> stop.stop(running[0], self));
            other.start();
            while (other.isAlive()) {
              Thread.onSpinWait();
            }
          }
        };
    try (Explainer explainer = NET.explainer().method(method).batch(4).progress(listener).open();
        Explainer fresh = NET.explainer().method(method).batch(4).open()) {
      running[0] = explainer;
      long live = CPU.liveBytes();
      assertThatThrownBy(() -> explainer.explain(PICTURE, TWO_CLASSES, 1))
          .isInstanceOf(CancellationException.class);
      assertThat(heard).hasSize(2).isSorted(); // not one step more
      assertThat(heard.get(1)).isLessThanOrEqualTo(8);
      assertThat(CPU.liveBytes()).isEqualTo(live);
      Thread.interrupted();
      Close.bits(
          "the map after a stop",
          explainer.explain(PICTURE, TWO_CLASSES, 1).get(1).map(),
          fresh.explain(PICTURE, TWO_CLASSES, 1).get(1).map());
    }
  }

  @Test
  void anInterruptBeforehandCancelsAndStaysSet() {
    Method method = Method.scoreCam();
    try (Explainer explainer = NET.explainer(method)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> explainer.explain(PICTURE, TWO_CLASSES, 1))
          .isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aFailingListenerEndsTheExplanationOnly() {
    boolean[] fail = {true};
    ProgressListener listener =
        (done, total) -> {
          if (fail[0]) {
            throw new IllegalStateException("no terminal");
          }
        };
    try (Explainer explainer = NET.explainer().progress(listener).open()) {
      assertThatThrownBy(() -> explainer.explain(PICTURE, TWO_CLASSES, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("no terminal");
      fail[0] = false;
      assertThat(explainer.explain(PICTURE, TWO_CLASSES, 1)).hasSize(2);
    }
  }
}
