package io.sscam.weights;

import io.sscam.engine.HostTensor;

/** Checks of the elements themselves, for whoever loads a model. */
public final class TensorChecks {
  private TensorChecks() {}

  /**
   * Returns the tensor if every element is a number.
   *
   * @param name the tensor, for the message
   * @param file the file, for the message
   * @throws WeightsException if an element is NaN or infinite
   */
  public static HostTensor requireFinite(String name, HostTensor tensor, String file) {
    float[] data = tensor.data();
    for (int i = 0; i < data.length; i++) {
      if (!Float.isFinite(data[i])) {
        throw WeightsException.tensor(
            file,
            name,
            "holds " + data[i] + " at element " + i,
            "these weights are damaged or from a failed training, use others");
      }
    }
    return tensor;
  }
}
