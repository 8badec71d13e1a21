package io.sscam.weights;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one thread of one process at a time work on a file of the store. The lock file stays: to
 * delete it would let two owners in.
 */
final class StoreLock implements AutoCloseable {
  // The system's file locks are held by a process as a whole, so its threads need one of their own.
  private static final ConcurrentMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final ReentrantLock threads;
  private final FileChannel channel;

  private StoreLock(ReentrantLock threads, FileChannel channel) {
    this.threads = threads;
    this.channel = channel;
  }

  /**
   * Waits for the lock.
   *
   * @throws WeightsException if the thread is interrupted meanwhile
   */
  static StoreLock acquire(Path file, ProgressListener listener) throws IOException {
    ReentrantLock threads =
        THREADS.computeIfAbsent(file.toAbsolutePath().normalize(), path -> new ReentrantLock());
    if (!threads.tryLock()) {
      listener.progress(ProgressListener.Stage.WAITING, 0, -1);
      lockPatiently(threads, file);
    }
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        listener.progress(ProgressListener.Stage.WAITING, 0, -1);
        channel.lock();
      }
      return new StoreLock(threads, channel);
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        channel.close();
      }
      threads.unlock();
      if (e instanceof FileLockInterruptionException interruption) {
        throw interrupted(file, interruption);
      }
      throw e;
    }
  }

  private static void lockPatiently(ReentrantLock threads, Path file) {
    try {
      threads.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(file, e);
    }
  }

  private static WeightsException interrupted(Path file, Exception cause) {
    return new WeightsException(
        file.toString(), "waiting for the other download was interrupted", "run it again", cause);
  }

  /** Gives the lock back. */
  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      threads.unlock();
    }
  }
}
