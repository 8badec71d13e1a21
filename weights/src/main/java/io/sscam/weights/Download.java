package io.sscam.weights;

import io.sscam.weights.ProgressListener.Stage;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one file over HTTP into a partial file, going on where an earlier attempt ended if the
 * server can. What has arrived stays when the connection breaks.
 */
final class Download {
  private static final int MOST_REDIRECTS = 5;
  private static final Pattern RANGE =
      Pattern.compile("bytes (?:(\\d{1,18})-\\d+|\\*)/(\\d{1,18}|\\*)");

  private final HttpClient client;
  private final Duration patience;

  /**
   * Prepares a client.
   *
   * @param patience how long to wait for a connection, an answer, or the next bytes
   */
  Download(ProxySelector proxies, Duration patience) {
    this.patience = patience;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(proxies)
            .connectTimeout(patience)
            .build();
  }

  /**
   * Completes the partial file.
   *
   * @param limit the length at which to give up, in bytes
   * @return true if part of it was there before
   * @throws WeightsException if the file cannot be had
   */
  boolean fetch(URI uri, Path part, long limit, ProgressListener listener) throws IOException {
    TrustedUris.require(uri);
    for (int attempt = 0; attempt < 2; attempt++) {
      long have = Files.exists(part) ? Files.size(part) : 0;
      HttpResponse<BodyReader> response = follow(uri, have);
      try (BodyReader body = response.body()) {
        switch (response.statusCode()) {
          case 200 -> {
            save(response, body, part, 0, limit, listener);
            return false;
          }
          case 206 -> {
            if (have > 0 && rangeStart(response) == have) {
              save(response, body, part, have, limit, listener);
              return true;
            }
          }
          case 416 -> {
            if (have > 0 && rangeTotal(response) == have) {
              return true;
            }
          }
          default -> throw refused(uri, response.statusCode());
        }
      }
      // The server does not go on from where we are: once more from the start.
      Files.deleteIfExists(part);
    }
    throw new WeightsException(uri.toString(), "the server answers ranges wrongly", byHand(uri));
  }

  private HttpResponse<BodyReader> follow(URI start, long have) throws IOException {
    URI uri = start;
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      HttpResponse<BodyReader> response = send(uri, have);
      int status = response.statusCode();
      if (status < 300 || status > 308 || status == 304) {
        return response;
      }
      response.body().close();
      String location = response.headers().firstValue("Location").orElse("");
      if (location.isEmpty()) {
        throw refused(uri, status);
      }
      uri = TrustedUris.redirect(uri, location);
    }
    throw new WeightsException(
        start.toString(), "redirects more than " + MOST_REDIRECTS + " times", byHand(start));
  }

  private HttpResponse<BodyReader> send(URI uri, long have) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(patience).header("User-Agent", "sscam-engine");
    if (have > 0) {
      request.header("Range", "bytes=" + have + "-");
    }
    try {
      return client.send(request.build(), info -> new BodyReader());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(uri, e);
    } catch (IOException e) {
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new WeightsException(
          uri.toString(),
          "the server cannot be reached (" + Text.clean(reason) + ")",
          "check the network and HTTPS_PROXY, or " + byHand(uri),
          e);
    }
  }

  private void save(
      HttpResponse<BodyReader> response,
      BodyReader body,
      Path part,
      long have,
      long limit,
      ProgressListener listener)
      throws IOException {
    URI uri = response.uri();
    OptionalLong length = response.headers().firstValueAsLong("Content-Length");
    long total = length.isPresent() ? have + length.getAsLong() : -1;
    if (total > limit) {
      throw tooLong(uri, part, limit);
    }
    long done = have;
    listener.progress(Stage.DOWNLOADING, done, total);
    // A stream and not a file channel: an interrupt would close that one in the middle of a write.
    try (OutputStream out = new FileOutputStream(part.toFile(), have > 0)) {
      for (List<ByteBuffer> bytes = next(uri, body, done, total);
          bytes != null;
          bytes = next(uri, body, done, total)) {
        for (ByteBuffer piece : bytes) {
          done += piece.remaining();
          if (done > limit) {
            throw tooLong(uri, part, limit);
          }
          write(out, piece);
        }
        listener.progress(Stage.DOWNLOADING, done, total);
      }
    }
    if (total >= 0 && done < total) {
      throw broken(uri, done, total, new IOException("the answer ended early"));
    }
  }

  private @Nullable List<ByteBuffer> next(URI uri, BodyReader body, long done, long total) {
    try {
      return body.next(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(uri, e);
    } catch (IOException e) {
      throw broken(uri, done, total, e);
    }
  }

  private static void write(OutputStream out, ByteBuffer bytes) throws IOException {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    out.write(copy);
  }

  private static long rangeStart(HttpResponse<?> response) {
    Matcher range = range(response);
    return range.matches() && range.group(1) != null ? Long.parseLong(range.group(1)) : -1;
  }

  private static long rangeTotal(HttpResponse<?> response) {
    Matcher range = range(response);
    return range.matches() && !range.group(2).equals("*") ? Long.parseLong(range.group(2)) : -1;
  }

  private static Matcher range(HttpResponse<?> response) {
    return RANGE.matcher(response.headers().firstValue("Content-Range").orElse(""));
  }

  private static WeightsException broken(URI uri, long done, long total, IOException cause) {
    return new WeightsException(
        uri.toString(),
        "the connection broke after " + done + (total < 0 ? "" : " of " + total) + " bytes",
        "run the same command again, it goes on from there",
        cause);
  }

  private static WeightsException interrupted(URI uri, Exception cause) {
    return new WeightsException(
        uri.toString(),
        "the download was interrupted",
        "run the same command again, it goes on from there",
        cause);
  }

  private static WeightsException tooLong(URI uri, Path part, long limit) {
    deleteQuietly(part);
    return new WeightsException(
        uri.toString(), "sends more than " + limit + " bytes, which cannot be right", byHand(uri));
  }

  private static WeightsException refused(URI uri, int status) {
    String mend =
        status == 407
            ? "the proxy wants a password, which is not supported: " + byHand(uri)
            : "try again later, or " + byHand(uri);
    return new WeightsException(uri.toString(), "the server answers HTTP " + status, mend);
  }

  private static String byHand(URI uri) {
    return "download " + uri + " with a browser and pass the file with --weights";
  }

  /** One that cannot go is not worth an error of its own. */
  private static void deleteQuietly(Path part) {
    if (!part.toFile().delete() && Files.exists(part)) {
      part.toFile().deleteOnExit();
    }
  }
}
