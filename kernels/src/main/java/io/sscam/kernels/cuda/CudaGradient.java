package io.sscam.kernels.cuda;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Gradient;
import io.sscam.engine.backend.StepTime;
import io.sscam.engine.backend.Tensor;
import io.sscam.kernels.cuda.net.BackwardNet;
import io.sscam.kernels.cuda.op.Layout;
import java.util.List;

/** A net with its way back in the contract's terms. */
final class CudaGradient implements Gradient, CudaTensor.Owner {
  private final CudaExecutable forward;
  private final BackwardNet backward;
  private final Tensor gradient;
  private boolean closed;

  /**
   * Takes both over.
   *
   * @param forward the net for one picture, which keeps the layer
   * @param layer its label
   * @param shape of its output
   */
  CudaGradient(CudaExecutable forward, BackwardNet backward, String layer, Shape shape) {
    this.forward = forward;
    this.backward = backward;
    this.gradient =
        new CudaTensor(
            "gradient by " + layer,
            shape.withBatch(1),
            DataType.F32,
            backward.gradientAddress(),
            this,
            Layout.NCHW_F32);
  }

  @Override
  public int batch() {
    return forward.batch();
  }

  @Override
  public Tensor input() {
    return forward.input();
  }

  @Override
  public Tensor logits() {
    return forward.logits();
  }

  @Override
  public Tensor kept(String label) {
    return forward.kept(label);
  }

  @Override
  public Tensor gradient() {
    return gradient;
  }

  @Override
  public void run(int count) {
    forward.run(count);
  }

  @Override
  public List<StepTime> profile() {
    return forward.profile();
  }

  @Override
  public void backward(int classIndex) {
    backward.run(classIndex);
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    try {
      backward.close();
    } finally {
      forward.close();
    }
  }
}
