package io.sscam.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.weights.ProgressListener.Stage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WeightStoreTest {
  private final StoreFixture it;

  WeightStoreTest(@TempDir Path folder) throws IOException {
    this.it = new StoreFixture(folder);
  }

  private Path pull(FakeServer server) {
    return it.store(server.base()).pull(it.entry, ProgressListener.NONE);
  }

  private void requireConverted() {
    assertThat(it.converted()).exists();
    assertThat(it.part()).doesNotExist();
    try (WeightFile file = WeightFiles.open(it.converted())) {
      assertThat(file.read("w").data()).hasSize(100_000);
      assertThat(file.metadata()).containsKeys("source", "licence");
    }
  }

  private void refuses(FakeServer.Answer answer, String problem) throws IOException {
    try (FakeServer server = new FakeServer(answer)) {
      assertThatThrownBy(() -> pull(server))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining(problem)
          .satisfies(e -> assertThat(String.valueOf(e.getMessage())).doesNotContain("\n"));
    }
    assertThat(it.converted()).doesNotExist();
  }

  @Test
  void aFileIsFetchedOnceAndConvertedOnce() throws IOException {
    try (FakeServer server = new FakeServer(x -> FakeServer.send(x, 200, it.checkpoint))) {
      WeightStore store = it.store(server.base());
      assertThat(store.find("tiny")).isEmpty();
      assertThat(store.list()).extracting(s -> s.file().isPresent()).containsExactly(false);
      Set<Stage> stages = EnumSet.noneOf(Stage.class);
      List<Long> last = new ArrayList<>();
      Path path =
          store.pull(
              it.entry,
              (stage, done, total) -> {
                stages.add(stage);
                if (stage == Stage.DOWNLOADING) {
                  last.addAll(List.of(done, total));
                }
              });
      assertThat(path).isEqualTo(it.converted());
      requireConverted();
      assertThat(stages).containsExactly(Stage.DOWNLOADING, Stage.CHECKING, Stage.CONVERTING);
      long length = it.checkpoint.length;
      assertThat(last).startsWith(0L, length).endsWith(length, length);
      assertThat(store.pull(it.entry, ProgressListener.NONE)).isEqualTo(path);
      assertThat(store.find("tiny")).contains(path);
      assertThat(store.find("other")).isEmpty();
      assertThat(server.requests()).containsExactly("/models/" + it.entry.fileName());
      // The checkpoint is still there: a lost conversion needs no second download.
      Files.delete(path);
      store.pull(it.entry, ProgressListener.NONE);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aBrokenDownloadGoesOnWhereItEnded() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    FakeServer.Answer answer =
        x -> {
          if (calls.getAndIncrement() == 0) {
            FakeServer.sendTruncated(x, it.checkpoint, 150_000);
          } else {
            FakeServer.sendRange(x, it.checkpoint);
          }
        };
    try (FakeServer server = new FakeServer(answer)) {
      assertThatThrownBy(() -> pull(server))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("the connection broke after ")
          .hasMessageContaining(
              "of " + it.checkpoint.length + " bytes; run the same command again");
      long have = Files.size(it.part());
      assertThat(have).isBetween(1L, 150_000L);
      pull(server);
      requireConverted();
      assertThat(server.requests().get(1)).endsWith(" bytes=" + have + "-");
    }
  }

  @Test
  void aServerWithoutRangesStartsAgain() throws IOException {
    Files.write(it.part(), new byte[1000]);
    try (FakeServer server = new FakeServer(x -> FakeServer.send(x, 200, it.checkpoint))) {
      pull(server);
      requireConverted();
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aWrongRangeStartsAgain() throws IOException {
    Files.write(it.part(), Arrays.copyOf(it.checkpoint, 1000));
    FakeServer.Answer answer =
        x -> {
          if (x.getRequestHeaders().containsKey("Range")) {
            x.getResponseHeaders().set("Content-Range", "bytes 0-9/10");
            FakeServer.send(x, 206, new byte[10]);
          } else {
            FakeServer.send(x, 200, it.checkpoint);
          }
        };
    try (FakeServer server = new FakeServer(answer)) {
      pull(server);
      requireConverted();
    }
  }

  @Test
  void aCompletePartIsTakenAsItIs() throws IOException {
    Files.write(it.part(), it.checkpoint);
    try (FakeServer server = new FakeServer(x -> FakeServer.sendRange(x, it.checkpoint))) {
      pull(server);
      requireConverted();
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aPartThatIsTooLongStartsAgain() throws IOException {
    Files.write(it.part(), new byte[it.checkpoint.length + 1]);
    try (FakeServer server = new FakeServer(x -> FakeServer.sendRange(x, it.checkpoint))) {
      pull(server);
      requireConverted();
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void aPartOfAnotherFileIsFetchedAgain() throws IOException {
    Files.write(it.part(), new byte[1000]);
    try (FakeServer server = new FakeServer(x -> FakeServer.sendRange(x, it.checkpoint))) {
      pull(server);
      requireConverted();
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void aWrongHashDeletesTheFile() throws IOException {
    byte[] other = it.checkpoint.clone();
    other[other.length - 1] ^= 1;
    refuses(x -> FakeServer.send(x, 200, other), "has not the hash that its name promises");
    assertThat(it.part()).doesNotExist();
    assertThat(it.folder.resolve(it.entry.fileName())).doesNotExist();
  }

  @Test
  void aStoredCheckpointThatHasRottedIsFetchedAgain() throws IOException {
    Files.write(it.folder.resolve(it.entry.fileName()), new byte[5]);
    try (FakeServer server = new FakeServer(x -> FakeServer.send(x, 200, it.checkpoint))) {
      pull(server);
      requireConverted();
    }
  }

  @Test
  void aRedirectIsFollowed() throws IOException {
    FakeServer.Answer answer =
        x -> {
          if (x.getRequestURI().getPath().startsWith("/models/")) {
            FakeServer.redirect(x, "/elsewhere/file");
          } else {
            FakeServer.send(x, 200, it.checkpoint);
          }
        };
    try (FakeServer server = new FakeServer(answer)) {
      pull(server);
      requireConverted();
      assertThat(server.requests()).last().isEqualTo("/elsewhere/file");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com/x",
        "ftp://127.0.0.1/x",
        "file:///etc/passwd",
        "//example.com"
      })
  void aRedirectToForeignHttpIsRefused(String location) throws IOException {
    refuses(x -> FakeServer.redirect(x, location), "which is not HTTPS");
  }

  @Test
  void redirectsEnd() throws IOException {
    refuses(x -> FakeServer.redirect(x, "/models/again"), "redirects more than 5 times");
    refuses(x -> x.sendResponseHeaders(302, -1), "answers HTTP 302");
    refuses(x -> FakeServer.redirect(x, "http://[bad"), "redirects to what is no address");
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404, 407, 500, 503})
  void anotherStatusIsNamed(int status) throws IOException {
    refuses(x -> FakeServer.send(x, status, new byte[10]), "the server answers HTTP " + status);
    assertThat(it.part()).doesNotExist();
  }

  @Test
  void noServerIsNamed() throws IOException {
    URI base;
    try (FakeServer server = new FakeServer(x -> {})) {
      base = server.base();
    }
    assertThatThrownBy(() -> it.store(base).pull(it.entry, ProgressListener.NONE))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("the server cannot be reached")
        .hasMessageContaining("HTTPS_PROXY");
  }

  @Test
  void aFileThatIsTooLongIsRefused() throws IOException {
    refuses(x -> FakeServer.send(x, 200, new byte[600_000]), "sends more than 500000 bytes");
    FakeServer.Answer endless =
        x -> {
          x.sendResponseHeaders(200, 0);
          byte[] block = new byte[100_000];
          for (int i = 0; i < 1000; i++) {
            x.getResponseBody().write(block);
          }
        };
    refuses(endless, "sends more than 500000 bytes");
    assertThat(it.part()).doesNotExist();
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
      requireConverted();
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
      requireConverted();
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

  @Test
  void onlyHttpsIsAsked() {
    for (String base : new String[] {"http://example.com/", "ftp://x/", "file:///tmp/", "x"}) {
      assertThatThrownBy(() -> it.store(URI.create(base)))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("is not an HTTPS address");
    }
    it.store(Catalogue.OFFICIAL);
    it.store(URI.create("http://localhost:1"));
    it.store(URI.create("http://[::1]:1/"));
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.createFile(it.folder.resolve("file"));
    WeightStore store =
        new WeightStore(file.resolve("cache"), Catalogue.OFFICIAL, Catalogue.entries());
    assertThatThrownBy(() -> store.pull(Catalogue.entries().get(0), ProgressListener.NONE))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("the weights cannot be stored there");
  }
}
