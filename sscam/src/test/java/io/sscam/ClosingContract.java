package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.HostTensor;
import io.sscam.engine.backend.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a program does wrong with explainers on several threads, and closing at any time. A device's
 * test class extends this one.
 */
@Timeout(60)
abstract class ClosingContract {
  private static final HostTensor PICTURE = TinyNet.picture(3);
  private static final List<Target> TOP = List.of(Target.top());
  private static final Method LONG =
      new Method.SsCam("test", Scoring.preset("default").withSamples(200));

  private final Backend backend;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(2, task -> new Thread(task, "other"));

  ClosingContract(Backend backend) {
    this.backend = backend;
  }

  @AfterEach
  final void nothingIsLeft() {
    threads.shutdownNow();
    assertThat(backend.liveBytes()).isZero();
    backend.close();
  }

  /** An explanation on another thread that has begun and would take long. */
  private final class Running {
    final CountDownLatch begun = new CountDownLatch(1);
    final Explainer explainer;
    final Future<List<Explanation>> result;

    Running(Classifier classifier) throws InterruptedException {
      explainer =
          classifier
              .explainer()
              .method(LONG)
              .batch(4)
              .progress((done, total) -> begun.countDown())
              .open();
      result = threads.submit(() -> explainer.explain(PICTURE, TOP, 1));
      begun.await();
    }

    void wasStopped() {
      assertThat(result.isDone()).isTrue();
      assertThatThrownBy(result::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(CancellationException.class);
    }
  }

  @Test
  void closingAnExplainerStopsItAndWaits() throws Exception {
    try (Classifier classifier = new TinyNet(2).classifier(backend)) {
      Running running = new Running(classifier);
      running.explainer.close();
      // It has left the gate; its future is done a moment later.
      assertThatThrownBy(() -> running.result.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(CancellationException.class);
      running.explainer.close();
      assertThatThrownBy(() -> running.explainer.explain(PICTURE, TOP, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the explainer is closed");
      assertThatThrownBy(() -> running.explainer.with(Method.cam()))
          .hasMessage("the explainer is closed");
    }
  }

  @Test
  void closingAClassifierClosesAllOfIt() throws Exception {
    Classifier classifier = new TinyNet(2).classifier(backend);
    Classifier child = classifier.randomised(1, 3);
    Explainer idle = child.explainer(Method.cam());
    Scorer scorer = classifier.scorer(2);
    Running one = new Running(classifier);
    Running two = new Running(child);
    classifier.close();
    for (Running running : List.of(one, two)) {
      assertThatThrownBy(() -> running.result.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(CancellationException.class);
      running.wasStopped();
    }
    assertThat(backend.liveBytes()).isZero();
    assertThatThrownBy(() -> idle.explain(PICTURE, TOP, 1)).hasMessage("the explainer is closed");
    assertThatThrownBy(() -> scorer.logits(new float[PICTURE.data().length], 1))
        .hasMessage("the scorer is closed");
    assertThatThrownBy(() -> classifier.explainer(Method.cam()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the classifier is closed");
    assertThatThrownBy(() -> classifier.scorer(1)).hasMessage("the classifier is closed");
    classifier.close();
    child.close();
  }

  @Test
  void closingAtAnyMomentIsSafe() throws Exception {
    for (int delay = 0; delay < 30; delay++) {
      Classifier classifier = new TinyNet(2).classifier(backend);
      Explainer explainer = classifier.explainer().method(LONG).batch(4).open();
      Future<List<Explanation>> result = threads.submit(() -> explainer.explain(PICTURE, TOP, 1));
      TimeUnit.MICROSECONDS.sleep(delay * 97L);
      classifier.close();
      assertThat(backend.liveBytes()).isZero();
      assertThatThrownBy(() -> result.get(10, TimeUnit.SECONDS))
          .cause()
          .isInstanceOfAny(CancellationException.class, IllegalStateException.class);
    }
  }

  @Test
  void aSecondThreadIsRefused() throws Exception {
    try (Classifier classifier = new TinyNet(2).classifier(backend)) {
      Running running = new Running(classifier);
      assertThatThrownBy(() -> running.explainer.explain(PICTURE, TOP, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the explainer is at work on thread \"other\": open one for each thread");
      assertThatThrownBy(() -> running.explainer.with(Method.cam()))
          .hasMessageContaining("at work on thread \"other\"");
      running.explainer.cancel();
      assertThatThrownBy(() -> running.result.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(CancellationException.class);
      running.explainer.with(Method.cam()).explain(PICTURE, TOP, 1);
      running.explainer.close();
    }
  }

  @Test
  void aListenerCannotCloseWhatCallsIt() {
    try (Classifier classifier = new TinyNet(2).classifier(backend)) {
      Explainer[] self = new Explainer[1];
      List<String> refused = new ArrayList<>();
      ProgressListener listener =
          (done, total) -> {
            for (AutoCloseable each : List.of(self[0], classifier)) {
              try {
                each.close();
              } catch (Exception e) {
                refused.add(String.valueOf(e.getMessage()));
              }
            }
          };
      self[0] = classifier.explainer().method(Method.scoreCam()).progress(listener).open();
      assertThat(self[0].explain(PICTURE, TOP, 1)).hasSize(1);
      assertThat(refused)
          .hasSize(2)
          .containsOnly("the explainer cannot be closed by the thread on which it is at work");
    }
  }

  @Test
  void cancellingBetweenPicturesStopsTheRest() {
    try (Classifier classifier = new TinyNet(2).classifier(backend)) {
      Explainer[] self = new Explainer[1];
      int[] finished = {0};
      ProgressListener listener =
          (done, total) -> {
            if (done == total) {
              finished[0]++;
              self[0].cancel();
            }
          };
      self[0] = classifier.explainer().method(Method.scoreCam()).progress(listener).open();
      var picture = io.sscam.nets.RgbImage.filled(40, 40, 0x336699);
      assertThatThrownBy(() -> self[0].explainAll(List.of(picture, picture, picture), TOP))
          .isInstanceOf(CancellationException.class)
          .hasMessage("1 of 3 pictures were explained");
      assertThat(finished[0]).isOne();
    }
  }
}
