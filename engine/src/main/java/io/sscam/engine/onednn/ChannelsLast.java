package io.sscam.engine.onednn;

import io.sscam.engine.onednn.PlanMemory.Operand;
import java.nio.FloatBuffer;
import org.bytedeco.dnnl.memory;

/**
 * A placed value whose channels lie next to each other, read and written a pixel at a time; also a
 * slice of a joined value.
 */
record ChannelsLast(FloatBuffer floats, int start, int picture, int row, int pixel, int channels) {

  /** The value in the block of its plan. */
  static ChannelsLast of(Operand operand, NativeBuffer block) {
    memory.desc desc = operand.desc();
    long start = PlanMemory.offset(operand) / Float.BYTES + desc.get_submemory_offset();
    return new ChannelsLast(
        block.floats(),
        Math.toIntExact(start),
        Math.toIntExact(desc.get_strides().get(0)),
        Math.toIntExact(desc.get_strides().get(2)),
        Math.toIntExact(desc.get_strides().get(3)),
        Math.toIntExact(desc.get_dims().get(1)));
  }

  private int index(int n, int y, int x) {
    return start + n * picture + y * row + x * pixel;
  }

  /** Copies the channels of one pixel out. */
  void read(int n, int y, int x, float[] target, int offset) {
    floats.get(index(n, y, x), target, offset, channels);
  }

  /** Copies the channels of one pixel in. */
  void write(int n, int y, int x, float[] source, int offset) {
    floats.put(index(n, y, x), source, offset, channels);
  }
}
