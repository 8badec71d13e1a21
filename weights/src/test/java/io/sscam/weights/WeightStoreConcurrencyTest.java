package io.sscam.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Silence, interrupts, threads and processes. */
@Timeout(60)
class WeightStoreConcurrencyTest {
  private final StoreFixture it;

  WeightStoreConcurrencyTest(@TempDir Path folder) throws IOException {
    this.it = new StoreFixture(folder);
  }

  private Path pull(FakeServer server) {
    return it.store(server.base()).pull(it.entry, ProgressListener.NONE);
  }

  @Test
  void aServerThatFallsSilentIsLeft() throws IOException {
    CountDownLatch end = new CountDownLatch(1);
    FakeServer.Answer silent =
        x -> {
          FakeServer.sendTruncated(x, it.checkpoint, 1000);
          await(end);
        };
    try (FakeServer server = new FakeServer(silent)) {
      WeightStore store = it.store(server.base(), Duration.ofMillis(500));
      assertThatThrownBy(() -> store.pull(it.entry, ProgressListener.NONE))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("the connection broke after 1000 of");
      end.countDown();
    }
    assertThat(it.part()).hasSize(1000);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anInterruptKeepsWhatHasCome() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    FakeServer.Answer slow =
        x -> {
          FakeServer.sendTruncated(x, it.checkpoint, 1000);
          await(end);
        };
    var pool = Executors.newSingleThreadExecutor();
    try (FakeServer server = new FakeServer(slow)) {
      Future<?> pull =
          pool.submit(
              () ->
                  assertThatThrownBy(
                          () ->
                              it.store(server.base())
                                  .pull(
                                      it.entry,
                                      (stage, done, total) -> {
                                        if (done == 1000) {
                                          begun.countDown();
                                        }
                                      }))
                      .isInstanceOf(WeightsException.class)
                      .hasMessageContaining("the download was interrupted"));
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
      pool.shutdownNow();
      pull.get(30, TimeUnit.SECONDS);
      end.countDown();
    }
    assertThat(it.part()).hasSize(1000);
  }

  @Test
  void threadsShareOneDownload() throws Exception {
    FakeServer.Answer slow =
        x -> {
          FakeServer.sendTruncated(x, it.checkpoint, 1000);
          pause();
          x.getResponseBody().write(it.checkpoint, 1000, it.checkpoint.length - 1000);
        };
    var pool = Executors.newFixedThreadPool(4);
    try (FakeServer server = new FakeServer(slow)) {
      List<Future<Path>> pulls = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        pulls.add(pool.submit(() -> pull(server)));
      }
      for (Future<Path> pull : pulls) {
        assertThat(pull.get(30, TimeUnit.SECONDS)).isEqualTo(it.converted());
      }
      it.requireConverted();
      assertThat(server.requests()).hasSize(1);
    } finally {
      pool.shutdownNow();
    }
  }

  private static void pause() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
  }

  @Test
  void processesShareOneDownload() throws Exception {
    FakeServer.Answer slow =
        x -> {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1500));
          FakeServer.send(x, 200, it.checkpoint);
        };
    try (FakeServer server = new FakeServer(slow)) {
      List<Process> processes = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        processes.add(
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    PullMain.class.getName(),
                    it.folder.toString(),
                    server.base().toString())
                .inheritIO()
                .start());
      }
      for (Process process : processes) {
        assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
      }
      it.requireConverted();
      assertThat(server.requests()).hasSize(1);
    }
  }

  /** Pulls in a process of its own. */
  static final class PullMain {
    private PullMain() {}

    public static void main(String[] args) throws IOException {
      StoreFixture it = new StoreFixture(Path.of(args[0]));
      it.store(URI.create(args[1])).pull(it.entry, ProgressListener.NONE);
    }
  }
}
