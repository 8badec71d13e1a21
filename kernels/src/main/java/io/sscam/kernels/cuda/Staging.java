package io.sscam.kernels.cuda;

import io.sscam.kernels.cuda.driver.Copies;
import io.sscam.kernels.cuda.driver.CudaContext;
import io.sscam.kernels.cuda.driver.CudaEvent;
import io.sscam.kernels.cuda.driver.CudaStream;
import io.sscam.kernels.cuda.driver.PinnedMemory;
import java.nio.ByteBuffer;

/**
 * Carries Java arrays to the device and back through one pinned buffer, a piece at a time. An
 * upload returns when the array has been read, not when the device has it.
 */
final class Staging implements AutoCloseable {
  /** Words of 4 bytes; a picture of 3×224×224 fits. */
  private static final int WORDS = 1 << 18;

  private final CudaStream stream;
  private final PinnedMemory pinned;
  private final CudaEvent copied;

  Staging(CudaContext context, CudaStream stream) {
    this.stream = stream;
    this.pinned = PinnedMemory.allocate(context, (long) WORDS * Integer.BYTES);
    this.copied = CudaEvent.create(false);
  }

  void upload(float[] source, long address) {
    for (int first = 0; first < source.length; first += WORDS) {
      int count = Math.min(WORDS, source.length - first);
      free().asFloatBuffer().put(source, first, count);
      send(address, first, count);
    }
  }

  void upload(int[] source, long address) {
    for (int first = 0; first < source.length; first += WORDS) {
      int count = Math.min(WORDS, source.length - first);
      free().asIntBuffer().put(source, first, count);
      send(address, first, count);
    }
  }

  /** The buffer, once the copy before has left it. */
  private ByteBuffer free() {
    copied.await();
    return pinned.buffer();
  }

  private void send(long address, int first, int count) {
    long at = address + (long) first * Integer.BYTES;
    Copies.toDevice(stream, pinned, 0, at, (long) count * Integer.BYTES);
    copied.record(stream);
  }

  /** Waits for the work before and copies. */
  void download(long address, float[] target) {
    copied.await();
    for (int first = 0; first < target.length; first += WORDS) {
      int count = Math.min(WORDS, target.length - first);
      long at = address + (long) first * Float.BYTES;
      Copies.toHost(stream, at, pinned, 0, (long) count * Float.BYTES);
      stream.synchronise();
      pinned.buffer().asFloatBuffer().get(target, first, count);
    }
  }

  @Override
  public void close() {
    copied.close();
    pinned.close();
  }
}
