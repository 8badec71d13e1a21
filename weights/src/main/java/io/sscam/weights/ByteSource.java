package io.sscam.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a weight file, of any length, mapped into memory or already there.
 *
 * <p>A mapping holds at most 2 GiB, so a larger file is mapped in overlapping pieces, one every
 * {@code stride} bytes: every run of up to {@code stride} bytes then lies inside one piece and can
 * be handed out without a copy. All of it is mapped when the file is opened, because an interrupted
 * thread would close a channel that is still in use.
 */
final class ByteSource implements AutoCloseable {
  /** The longest slice, in bytes: 1 GiB. */
  static final long STRIDE = 1L << 30;

  private final long size;
  private final long stride;
  private volatile @Nullable List<ByteBuffer> pieces;

  private ByteSource(long size, long stride, List<ByteBuffer> pieces) {
    this.size = size;
    this.stride = stride;
    this.pieces = pieces;
  }

  /** Maps a file, read only. The mapping outlives the channel. */
  static ByteSource map(Path path) throws IOException {
    return map(path, STRIDE);
  }

  static ByteSource map(Path path, long stride) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      List<ByteBuffer> pieces = new ArrayList<>();
      for (long start = 0; start < size; start += stride) {
        long length = Math.min(size - start, 2 * stride - 1);
        pieces.add(channel.map(MapMode.READ_ONLY, start, length));
      }
      return new ByteSource(size, stride, pieces);
    }
  }

  /** The remaining bytes of a buffer, not copied. */
  static ByteSource of(ByteBuffer bytes) {
    // One piece holds everything, so the stride is only a limit that no slice can exceed.
    return new ByteSource(bytes.remaining(), Integer.MAX_VALUE, List.of(bytes.slice()));
  }

  long size() {
    return size;
  }

  /** The longest slice this source can give. */
  long longestSlice() {
    return stride;
  }

  /**
   * A read-only view of some bytes, little endian.
   *
   * @throws IndexOutOfBoundsException if they are not all there
   * @throws IllegalStateException after {@link #close}
   */
  ByteBuffer slice(long offset, long length) {
    List<ByteBuffer> open = pieces;
    if (open == null) {
      throw new IllegalStateException("the weight file has been closed");
    }
    Objects.checkFromIndexSize(offset, /* size= */ length, /* length= */ size);
    if (length == 0) {
      return ByteBuffer.allocate(0).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
    if (length > stride) {
      throw new IndexOutOfBoundsException("slice of " + length + " bytes");
    }
    ByteBuffer piece = open.get((int) (offset / stride));
    return piece
        .slice((int) (offset % stride), (int) length)
        .asReadOnlyBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Lets go of the mapping; the JVM returns the pages when the last slice is garbage. */
  @Override
  public void close() {
    pieces = null;
  }
}
