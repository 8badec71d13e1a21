package io.sscam.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.weights.ProgressListener.Stage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
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
      it.requireConverted();
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
      it.requireConverted();
      assertThat(server.requests().get(1)).endsWith(" bytes=" + have + "-");
    }
  }

  @Test
  void aServerWithoutRangesStartsAgain() throws IOException {
    Files.write(it.part(), new byte[1000]);
    try (FakeServer server = new FakeServer(x -> FakeServer.send(x, 200, it.checkpoint))) {
      pull(server);
      it.requireConverted();
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
      it.requireConverted();
    }
  }

  @Test
  void aCompletePartIsTakenAsItIs() throws IOException {
    Files.write(it.part(), it.checkpoint);
    try (FakeServer server = new FakeServer(x -> FakeServer.sendRange(x, it.checkpoint))) {
      pull(server);
      it.requireConverted();
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aPartThatIsTooLongStartsAgain() throws IOException {
    Files.write(it.part(), new byte[it.checkpoint.length + 1]);
    try (FakeServer server = new FakeServer(x -> FakeServer.sendRange(x, it.checkpoint))) {
      pull(server);
      it.requireConverted();
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void aPartOfAnotherFileIsFetchedAgain() throws IOException {
    Files.write(it.part(), new byte[1000]);
    try (FakeServer server = new FakeServer(x -> FakeServer.sendRange(x, it.checkpoint))) {
      pull(server);
      it.requireConverted();
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
      it.requireConverted();
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
      it.requireConverted();
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
