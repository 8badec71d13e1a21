package io.sscam.weights;

import io.sscam.engine.TensorSource;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * An open weight file of any format: tensors by name, read when asked for. Safe for use by several
 * threads at once; after {@link #close} every read throws {@link IllegalStateException}.
 *
 * <p>All readers throw {@link IllegalArgumentException} for a name that is not there and {@link
 * WeightsException} for anything wrong with the file itself.
 */
public interface WeightFile extends TensorSource, AutoCloseable {

  /** How the bytes are laid out. */
  enum Format {
    SAFETENSORS("safetensors"),
    TORCH_ZIP("PyTorch checkpoint (zip)"),
    TORCH_LEGACY("PyTorch checkpoint (before 1.6)");

    private final String label;

    Format(String label) {
      this.label = label;
    }

    /** The name for people. */
    public String label() {
      return label;
    }
  }

  /** The name of the file as the user gave it, for messages. */
  String file();

  /** The layout of the file. */
  Format format();

  /** Free-form remarks stored in the file; empty for a PyTorch checkpoint. */
  Map<String, String> metadata();

  /** The element type of a tensor. */
  DType dtype(String name);

  /**
   * The elements of a tensor as stored: little endian, C order, read only, positioned at the first.
   *
   * @throws WeightsException if it is over 1 GiB
   */
  ByteBuffer readRaw(String name);

  /**
   * The elements of an I64 or I32 tensor.
   *
   * @throws WeightsException if it is of another type
   */
  long[] readLongs(String name);

  /**
   * The elements of an F64 tensor, not rounded to float32.
   *
   * @throws WeightsException if it is of another type
   */
  double[] readDoubles(String name);

  /**
   * The elements of a U8, I8 or BOOL tensor.
   *
   * @throws WeightsException if it is of another type
   */
  byte[] readBytes(String name);

  @Override
  void close();
}
