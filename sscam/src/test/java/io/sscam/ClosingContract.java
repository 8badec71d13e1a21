package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.HostTensor;
import io.sscam.engine.backend.Backend;
import io.sscam.nets.RgbImage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
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

  /** Ends by itself after many seconds on any machine: whatever comes sooner was stopped. */
  private static final Method LONG =
      new Method.SsCam("test", Scoring.preset("default").withSamples(100_000));

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

  /** An explanation on another thread that has begun and runs {@link #LONG}. */
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
      int[] refused = {0};
      ProgressListener listener =
          (done, total) -> {
            assertThatThrownBy(() -> self[0].close())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the explainer cannot be closed by the thread");
            assertThatThrownBy(classifier::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the classifier cannot be closed by a thread");
            assertThatThrownBy(() -> self[0].explain(PICTURE, TOP, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("at work on this thread");
            refused[0]++;
          };
      self[0] = classifier.explainer().method(Method.scoreCam()).progress(listener).open();
      assertThat(self[0].explain(PICTURE, TOP, 1)).hasSize(1);
      assertThat(refused[0]).isPositive();
      assertThat(self[0].with(Method.cam()).explain(PICTURE, TOP, 1)).hasSize(1);
      classifier.explainer(Method.cam()).close();
    }
  }

  /** Each is refused by its own explainer, and does not wait for the other's. */
  @Test
  void twoListenersCannotCloseWhatCallsThem() throws Exception {
    try (Classifier classifier = new TinyNet(2).classifier(backend)) {
      CyclicBarrier both = new CyclicBarrier(2);
      List<Future<List<Explanation>>> results = new ArrayList<>();
      List<Explainer> explainers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        ProgressListener listener =
            (done, total) -> {
              try {
                both.await();
              } catch (InterruptedException | BrokenBarrierException e) {
                throw new AssertionError(e);
              }
              assertThatThrownBy(classifier::close).isInstanceOf(IllegalStateException.class);
            };
        Explainer explainer =
            classifier.explainer().method(Method.scoreCam()).progress(listener).open();
        explainers.add(explainer);
        results.add(threads.submit(() -> explainer.explain(PICTURE, TOP, 1)));
      }
      for (Future<List<Explanation>> result : results) {
        assertThat(result.get(20, TimeUnit.SECONDS)).hasSize(1);
      }
      explainers.forEach(Explainer::close);
    }
  }

  /** Whoever closes second finds nothing left when it returns. */
  @Test
  void allWhoCloseWaitForTheFirst() throws Exception {
    for (int i = 0; i < 20; i++) {
      Classifier classifier = new TinyNet(2).classifier(backend);
      Classifier child = classifier.randomised(1, 3);
      Running running = new Running(child);
      CyclicBarrier both = new CyclicBarrier(2);
      Future<?> other =
          threads.submit(
              () -> {
                both.await();
                running.explainer.close();
                child.close();
                return null;
              });
      both.await();
      classifier.close();
      assertThat(backend.liveBytes()).isZero();
      other.get(10, TimeUnit.SECONDS);
      assertThatThrownBy(() -> running.result.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(CancellationException.class);
    }
  }

  @Test
  void anInterruptStopsTheRestOfThePictures() {
    try (Classifier classifier = new TinyNet(2).classifier(backend);
        Explainer explainer = classifier.explainer(Method.cam())) {
      RgbImage picture = RgbImage.filled(40, 40, 0x336699);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> explainer.explainAll(List.of(picture, picture), TOP))
          .isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(explainer.explainAll(List.of(picture, picture), TOP)).hasSize(2);
    }
  }

  /** Explainers of one session are cancelled together. */
  @Test
  void cancellingReachesWhatWithGave() {
    try (Classifier classifier = new TinyNet(2).classifier(backend)) {
      Explainer[] self = new Explainer[1];
      self[0] =
          classifier
              .explainer()
              .method(Method.cam())
              .batch(4)
              .progress((done, total) -> self[0].cancel())
              .open();
      assertThatThrownBy(() -> self[0].with(Method.scoreCam()).explain(PICTURE, TOP, 1))
          .isInstanceOf(CancellationException.class);
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
      RgbImage picture = RgbImage.filled(40, 40, 0x336699);
      assertThatThrownBy(() -> self[0].explainAll(List.of(picture, picture, picture), TOP))
          .isInstanceOf(CancellationException.class)
          .hasMessage("1 of 3 pictures were explained");
      assertThat(finished[0]).isOne();
    }
  }
}
