package io.sscam.engine.onednn;

import io.sscam.engine.backend.OutOfDeviceMemoryException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Memory outside the Java heap, aligned to a cache line and freed when closed, not by garbage
 * collection. Its size is limited to 2 GiB, the reach of a Java buffer.
 */
public final class NativeBuffer implements AutoCloseable {
  private static final int ALIGNMENT = 64;

  private final String name;
  private final long bytes;
  private final AtomicLong liveBytes;
  private final BytePointer block;
  private final BytePointer aligned;
  private final ByteBuffer view;
  private boolean open = true;

  /**
   * Reserves memory with undefined content.
   *
   * @param name what it holds, for messages
   * @param liveBytes the count that it is added to while open
   * @throws OutOfDeviceMemoryException if there is not enough
   */
  public NativeBuffer(String name, long bytes, AtomicLong liveBytes) {
    if (bytes > Integer.MAX_VALUE - ALIGNMENT) {
      throw new OutOfDeviceMemoryException(
          name + " needs " + bytes + " bytes, over the 2 GiB of one buffer: use a smaller batch");
    }
    OnednnLibrary.load();
    try {
      block = Outliving.scopes(() -> new BytePointer(bytes + ALIGNMENT));
    } catch (OutOfMemoryError e) {
      throw new OutOfDeviceMemoryException(
          "not enough memory for " + name + " (" + bytes + " bytes): use a smaller batch");
    }
    long shift = (ALIGNMENT - block.address() % ALIGNMENT) % ALIGNMENT;
    aligned = new BytePointer(block).position(shift);
    view = aligned.limit(shift + bytes).asByteBuffer().order(ByteOrder.nativeOrder());
    this.name = name;
    this.bytes = bytes;
    this.liveBytes = liveBytes;
    liveBytes.addAndGet(bytes);
  }

  public long bytes() {
    return bytes;
  }

  /** All of it as floats; a fresh view. */
  public FloatBuffer floats() {
    check();
    return view.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  /** All of it as integers; a fresh view. */
  public IntBuffer ints() {
    check();
    return view.duplicate().order(ByteOrder.nativeOrder()).asIntBuffer();
  }

  /** The address of a byte of it, valid while it is open. */
  Pointer at(long offset) {
    check();
    return new BytePointer(aligned).position(aligned.position() + offset);
  }

  /**
   * Fails on a buffer that was closed.
   *
   * @throws IllegalStateException naming the buffer
   */
  public void check() {
    if (!open) {
      throw new IllegalStateException("tensor \"" + name + "\" is used after it was closed");
    }
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      liveBytes.addAndGet(-bytes);
      block.releaseReference();
    }
  }
}
