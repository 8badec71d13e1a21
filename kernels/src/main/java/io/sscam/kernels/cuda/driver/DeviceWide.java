package io.sscam.kernels.cuda.driver;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Work that must not meet other such work of this process. While a stream is recorded, nobody may
 * wait for the whole device, whatever the mode of the recording (CUDA programming guide, "Stream
 * capture"). Libraries do so when they are first used, when they measure algorithms and when their
 * handles end, and the driver when it unloads code.
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
