package io.sscam.evaluate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The log of a run: a file of JSON lines that only grows. The first line holds the settings; then
 * follow the pictures in the order in which they were finished, each as one line a variant, or as
 * one line with the reason why it was skipped. A picture is on the disk when {@code append}
 * returns, so a run that is killed at any moment loses at most the picture in work.
 *
 * <p>An open log is locked against other processes. Do not open the file by other means meanwhile:
 * on some systems that gives up the lock. Not safe for use by several threads.
 */
public final class ResultLog implements Closeable {
  private final Path file;
  private final RunSettings settings;
  private final FileChannel channel;
  private final Set<String> settled;
  private long end;
  private boolean broken;

  private ResultLog(
      Path file, RunSettings settings, FileChannel channel, Set<String> settled, long end) {
    this.file = file;
    this.settings = settings;
    this.channel = channel;
    this.settled = settled;
    this.end = end;
  }

  /**
   * Begins a log.
   *
   * @throws ResultLogException if the file exists or cannot be written
   */
  public static ResultLog create(Path file, RunSettings settings) throws ResultLogException {
    return open(file, settings, StandardOpenOption.CREATE_NEW);
  }

  /**
   * Goes on with a log, or begins it where there is none. What a killed run left half-written at
   * the end is cut off.
   *
   * @throws ResultLogException if the log is of other settings, damaged, or open elsewhere; it is
   *     then left as it was
   */
  public static ResultLog resume(Path file, RunSettings settings) throws ResultLogException {
    return open(file, settings, StandardOpenOption.CREATE);
  }

  @SuppressWarnings("MustBeClosedChecker") // the log closes it
  private static ResultLog open(Path file, RunSettings settings, StandardOpenOption creation)
      throws ResultLogException {
    FileChannel channel;
    try {
      channel = FileChannel.open(file, creation, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw new ResultLogException(
          file, "exists", "resume it (--resume) or name another place (--out)", e);
    } catch (IOException e) {
      throw new ResultLogException(
          file, "cannot be opened (%s)".formatted(cause(e)), "check its folder", e);
    }
    try {
      lock(file, channel);
      return begin(file, settings, channel);
    } catch (IOException | RuntimeException e) {
      closeAfter(e, channel);
      if (e instanceof RuntimeException bug) {
        throw bug;
      }
      if (e instanceof ResultLogException known) {
        throw known;
      }
      throw new ResultLogException(
          file, "cannot be used (%s)".formatted(cause(e)), "check the disk", e);
    }
  }

  private static void closeAfter(Exception failure, FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static void lock(Path file, FileChannel channel) throws IOException {
    boolean locked;
    try {
      locked = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) { // this JVM itself holds it
      locked = false;
    }
    if (!locked) {
      throw new ResultLogException(
          file, "another run writes to it", "wait for that run's end or name another file");
    }
  }

  private static ResultLog begin(Path file, RunSettings settings, FileChannel channel)
      throws IOException {
    InputStream in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
    LogReader.Read found = LogReader.read(file, in, false);
    if (found.settings() != null) {
      Optional<String> difference = settings.firstDifference(found.settings(), true);
      if (difference.isPresent()) {
        throw new ResultLogException(
            file,
            "a log of other settings: " + difference.get(),
            "repeat that run's settings or name another file");
      }
    }
    ResultLog log = new ResultLog(file, settings, channel, found.settled(), found.wholeBytes());
    if (channel.size() > log.end) {
      channel.truncate(log.end);
    }
    if (found.settings() == null) {
      log.write(header(settings));
    }
    return log;
  }

  private static ObjectNode header(RunSettings settings) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("format", LogReader.FORMAT);
    return node.setAll(SettingsJson.write(settings));
  }

  /** Whether a picture is explained or skipped already. */
  public boolean contains(String picture) {
    return settled.contains(picture);
  }

  /** How many pictures are explained or skipped. */
  public int pictures() {
    return settled.size();
  }

  /**
   * Adds a picture's outcomes.
   *
   * @param outcomes one a variant, in the settings' order
   * @throws IllegalArgumentException if they are not one picture's, or not those of every variant
   * @throws ResultLogException if they cannot be written; what was written before is kept
   */
  public void append(List<Outcome> outcomes) throws ResultLogException {
    List<String> variants = outcomes.stream().map(Outcome::variant).toList();
    if (!variants.equals(settings.variants().stream().map(Variant::id).toList())
        || outcomes.stream().map(Outcome::picture).distinct().count() != 1) {
      throw new IllegalArgumentException("these are not one picture's outcomes: " + variants);
    }
    settle(
        outcomes.get(0).picture(),
        outcomes.stream().map(OutcomeJson::write).toArray(ObjectNode[]::new));
  }

  /**
   * Adds a picture that could not be explained.
   *
   * @throws ResultLogException if it cannot be written; what was written before is kept
   */
  public void append(Skipped skipped) throws ResultLogException {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    settle(
        skipped.picture(), node.put("picture", skipped.picture()).put("reason", skipped.reason()));
  }

  private void settle(String picture, ObjectNode... lines) throws ResultLogException {
    if (settled.contains(picture) || settled.size() == settings.shard().pictures()) {
      throw new IllegalArgumentException(
          "picture %s does not belong here: it is logged already, or the shard is full"
              .formatted(picture));
    }
    if (broken) {
      throw lost("an earlier write failed", null);
    }
    try {
      write(lines);
      if (Files.size(file) != end) { // a deleted file takes bytes as if nothing had happened
        throw lost("it was changed from outside", null);
      }
    } catch (ResultLogException e) {
      broken = true;
      throw e;
    } catch (IOException e) {
      broken = true;
      throw lost(cause(e), e);
    }
    settled.add(picture);
  }

  private ResultLogException lost(String why, @Nullable IOException e) {
    return new ResultLogException(
        file,
        "cannot be written any more (%s); it keeps the %d pictures before, if it is still there"
            .formatted(why, settled.size()),
        "mend the disk and resume",
        e);
  }

  private void write(ObjectNode... lines) throws IOException {
    StringBuilder text = new StringBuilder();
    for (ObjectNode line : lines) {
      text.append(line).append('\n');
    }
    ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
    long at = end;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
    channel.force(false);
    end = at;
  }

  /** Why an access failed, without the file's name, which the message has already. */
  private static String cause(Exception e) {
    if (e instanceof NoSuchFileException) {
      return "there is none";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return reason == null ? e.getClass().getSimpleName() : reason;
  }

  @Override
  public void close() throws IOException {
    channel.close(); // which gives up the lock too
  }

  /**
   * Reads a log that nobody writes to. What a killed run left half-written is left out.
   *
   * @throws ResultLogException if it cannot be read, is damaged, or has no settings yet
   */
  public static Results read(Path file) throws ResultLogException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      LogReader.Read found = LogReader.read(file, in, true);
      if (found.settings() == null) {
        throw new ResultLogException(file, "holds nothing yet", "run the evaluation first");
      }
      return new Results(found.settings(), found.outcomes(), found.skipped());
    } catch (ResultLogException e) {
      throw e;
    } catch (IOException e) {
      throw new ResultLogException(
          file, "cannot be read (%s)".formatted(cause(e)), "check the path", e);
    }
  }

  /**
   * Reads the logs of all shards of a run as one.
   *
   * @param files one a shard, in any order
   * @throws ResultLogException if one cannot be read, settings differ, or a shard is missing, given
   *     twice or not finished
   */
  public static Results merge(List<Path> files) throws ResultLogException {
    return ShardMerge.merge(files);
  }
}
