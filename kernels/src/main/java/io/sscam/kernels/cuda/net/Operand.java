package io.sscam.kernels.cuda.net;

import io.sscam.engine.Shape;
import io.sscam.engine.graph.StoragePlan.Storage;
import org.jspecify.annotations.Nullable;

/**
 * A value of the net on the device: where it lies and how. Its channels may be a slice of the
 * stored ones: a part of a concat, or a picture whose channels were padded.
 *
 * @param storage its piece of the plan's block, or null if it lies at {@code address}
 * @param address of the first stored element, if it has no storage
 * @param half float16, else float32
 * @param channelsLast N H W C, else N C H W
 * @param stored channels of a picture in memory
 * @param first the first stored channel that is the value's
 */
record Operand(
    @Nullable Storage storage,
    long address,
    boolean half,
    boolean channelsLast,
    int channels,
    int height,
    int width,
    int stored,
    int first) {

  /** A value with memory of its own; the caller sets the place. */
  static Operand packed(Shape shape, boolean half, boolean channelsLast) {
    int height = shape.rank() == 1 ? 1 : shape.dim(1);
    int width = shape.rank() == 1 ? 1 : shape.dim(2);
    int channels = shape.dim(0);
    return new Operand(null, 0, half, channelsLast, channels, height, width, channels, 0);
  }

  Operand at(long fixed) {
    return new Operand(null, fixed, half, channelsLast, channels, height, width, stored, first);
  }

  Operand in(Storage place) {
    return new Operand(place, 0, half, channelsLast, channels, height, width, stored, first);
  }

  /** Channels {@code from} … of this value. */
  Operand slice(int from, int count) {
    return new Operand(
        storage, address, half, channelsLast, count, height, width, stored, first + from);
  }

  /** The same memory with padded channels. */
  Operand padded(int channelsInMemory) {
    return new Operand(
        storage, address, half, channelsLast, channels, height, width, channelsInMemory, first);
  }

  /**
   * A value of the same type, order and extents with memory of its own; the caller sets the place.
   */
  Operand packed() {
    return new Operand(null, 0, half, channelsLast, channels, height, width, channels, 0);
  }

  boolean isPacked() {
    return stored == channels;
  }

  long plane() {
    return (long) height * width;
  }

  /** Bytes of the memory that it is a part of. */
  long bytes(int pictures) {
    return pictures * plane() * stored * elementBytes();
  }

  int elementBytes() {
    return half ? 2 : 4;
  }

  /** From the first stored element to the value's own first. */
  long offsetBytes() {
    return first * (channelsLast ? 1 : plane()) * elementBytes();
  }

  /** Of N, C, H and W, in elements. */
  int[] strides() {
    int picture = Math.toIntExact(stored * plane());
    return channelsLast
        ? new int[] {picture, 1, width * stored, stored}
        : new int[] {picture, height * width, width, 1};
  }

  /** Without the place: what it looks like. */
  @Override
  public String toString() {
    String type = half ? "f16" : "f32";
    String extents = channels + "×" + height + "×" + width + (channelsLast ? " NHWC " : " NCHW ");
    return extents + type + (isPacked() ? "" : " of " + stored + " at " + first);
  }
}
