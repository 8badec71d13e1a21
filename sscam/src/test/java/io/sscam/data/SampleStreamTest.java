package io.sscam.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.nets.RgbImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SampleStreamTest {
  private Set<Thread> before = Set.of();

  @BeforeEach
  void threadsOfOthers() {
    before = decoders();
  }

  private static Set<Thread> decoders() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("sscam-decode"))
        .collect(Collectors.toSet());
  }

  /** Fails unless the threads of this test's streams end. */
  private void noThreadIsLeft() throws InterruptedException {
    for (Thread thread : decoders()) {
      if (!before.contains(thread)) {
        thread.join(10_000);
        assertThat(thread.isAlive()).as("thread %s lives", thread).isFalse();
      }
    }
  }

  private static Sample sample(int number, Sample.PictureSource source) {
    return new Sample("p" + number, source, List.of(), List.of());
  }

  /** A picture that is as wide as its number says. */
  private static RgbImage wide(int number) {
    return RgbImage.wrap(number + 1, 1, new byte[3 * (number + 1)]);
  }

  private static List<Sample> pictures(int count) {
    return IntStream.range(0, count).mapToObj(i -> sample(i, () -> wide(i))).toList();
  }

  @Test
  void picturesComeInOrder() throws InterruptedException {
    List<Sample> samples = pictures(50);
    int number = 0;
    try (SampleStream stream = new SampleStream(samples)) {
      while (stream.hasNext()) {
        SampleStream.Decoded next = stream.next();
        assertThat(next.sample()).isSameAs(samples.get(number));
        assertThat(next)
            .isInstanceOfSatisfying(
                SampleStream.Picture.class,
                picture ->
                    assertThat(picture.sample().id())
                        .isEqualTo("p" + (picture.image().width() - 1)));
        number++;
      }
      assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(stream::next);
    }
    assertThat(number).isEqualTo(50);
    noThreadIsLeft();
  }

  @Test
  void noSamplesAreNoPictures() throws InterruptedException {
    try (SampleStream stream = new SampleStream(List.of())) {
      assertThat(stream.hasNext()).isFalse();
    }
    noThreadIsLeft();
  }

  @Test
  void unreadablePicturesAreNamedAndTheOthersGoOn() {
    List<Sample> samples =
        List.of(
            sample(0, () -> wide(0)),
            sample(
                1,
                () -> {
                  throw new IOException("p1: is\n\u001b[2Jdamaged");
                }),
            sample(
                2,
                () -> {
                  throw new IOException();
                }),
            sample(3, () -> wide(3)));
    List<SampleStream.Decoded> all = new ArrayList<>();
    try (SampleStream stream = new SampleStream(samples)) {
      stream.forEachRemaining(all::add);
    }
    assertThat(all.get(0)).isInstanceOf(SampleStream.Picture.class);
    assertThat(all.get(1))
        .isInstanceOfSatisfying(
            SampleStream.Unreadable.class,
            unreadable -> {
              assertThat(unreadable.sample()).isSameAs(samples.get(1));
              assertThat(unreadable.reason()).contains("p1: is", "damaged");
              Made.oneLine(unreadable.reason());
            });
    assertThat(all.get(2))
        .isInstanceOfSatisfying(
            SampleStream.Unreadable.class, unreadable -> Made.oneLine(unreadable.reason()));
    assertThat(all.get(3)).isInstanceOf(SampleStream.Picture.class);
  }

  @Test
  void anErrorReachesTheReader() throws InterruptedException {
    Error error = new OutOfMemoryError("as a test has it");
    try (SampleStream stream =
        new SampleStream(
            List.of(
                sample(0, () -> wide(0)),
                sample(
                    1,
                    () -> {
                      throw error;
                    })))) {
      assertThat(stream.next()).isInstanceOf(SampleStream.Picture.class);
      assertThatThrownBy(stream::next).isSameAs(error);
    }
    noThreadIsLeft();
  }

  @Test
  void aDefectOfADecoderIsNoUnreadablePicture() {
    RuntimeException defect = new IllegalStateException("a defect");
    try (SampleStream stream =
        new SampleStream(
            List.of(
                sample(
                    0,
                    () -> {
                      throw defect;
                    })))) {
      assertThatThrownBy(stream::next).isInstanceOf(IllegalStateException.class).hasCause(defect);
    }
  }

  @Test
  void fewPicturesWait() throws InterruptedException {
    AtomicInteger started = new AtomicInteger();
    List<Sample> samples =
        IntStream.range(0, 40)
            .mapToObj(
                i ->
                    sample(
                        i,
                        () -> {
                          started.incrementAndGet();
                          return wide(i);
                        }))
            .toList();
    try (SampleStream stream = new SampleStream(samples)) {
      for (int taken = 0; taken <= 40; taken++) {
        int most = Math.min(40, taken + 4);
        for (int wait = 0; wait < 2000 && started.get() < most; wait++) {
          LockSupport.parkNanos(1_000_000);
        }
        assertThat(started).as("decoded ahead after %d", taken).hasValue(most);
        LockSupport.parkNanos(5_000_000); // and stays there
        assertThat(started).hasValue(most);
        if (stream.hasNext()) {
          stream.next();
        }
      }
    }
  }

  @Test
  void anEarlyCloseStopsADecoderAndLeavesNoThread() throws InterruptedException {
    CountDownLatch busy = new CountDownLatch(1);
    AtomicInteger late = new AtomicInteger();
    List<Sample> samples = new ArrayList<>();
    samples.add(sample(0, () -> wide(0)));
    samples.add(
        sample(
            1,
            () -> {
              busy.countDown();
              LockSupport.parkNanos(TimeUnit.MINUTES.toNanos(5)); // returns when interrupted
              return wide(1);
            }));
    for (int i = 2; i < 20; i++) {
      int number = i;
      samples.add(
          sample(
              i,
              () -> {
                late.incrementAndGet();
                return wide(number);
              }));
    }
    SampleStream stream = new SampleStream(samples);
    stream.next();
    busy.await();
    stream.close();
    noThreadIsLeft();
    assertThat(late).hasValue(0);
    assertThat(stream.hasNext()).isFalse();
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(stream::next);
    stream.close();
  }

  @Test
  void aReaderThatIsInterruptedStops() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    try (SampleStream stream =
        new SampleStream(
            List.of(
                sample(
                    0,
                    () -> {
                      try {
                        never.await();
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                      return wide(0);
                    })))) {
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(CancellationException.class).isThrownBy(stream::next);
      assertThat(Thread.interrupted()).isTrue(); // it is still known, and cleared here
    }
    noThreadIsLeft();
  }
}
