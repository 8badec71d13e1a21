package io.sscam.kernels.cuda.driver;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Work that must not meet other such work of this process. While a stream is recorded, nobody may
 * wait for the whole device, whatever the mode of the recording (CUDA programming guide, "Stream
 * capture"); libraries do so when their handles end and when they measure algorithms.
 */
public final class DeviceWide {
  private static final ReentrantLock LOCK = new ReentrantLock();

  private DeviceWide() {}

  /** Does {@code work} when no other thread is at such work. */
  public static <T> T get(Supplier<T> work) {
    LOCK.lock();
    try {
      return work.get();
    } finally {
      LOCK.unlock();
    }
  }

  /** Does {@code work} when no other thread is at such work. */
  public static void run(Runnable work) {
    get(
        () -> {
          work.run();
          return true;
        });
  }
}
