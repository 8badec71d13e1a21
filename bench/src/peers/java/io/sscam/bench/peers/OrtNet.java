package io.sscam.bench.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.sscam.engine.Shape;
import io.sscam.engine.TensorSource;
import io.sscam.engine.graph.Graph;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** ONNX Runtime's CPU provider: all optimisations, operators one after the other. */
record OrtNet(OrtSession session, Shape picture) implements PeerNet {
  static final String ENGINE = "onnxruntime";

  static String version() {
    return "ONNX Runtime " + OrtEnvironment.getEnvironment().getVersion();
  }

  static OrtNet open(Graph graph, TensorSource weights, int threads) throws IOException {
    Path file = Files.createTempFile("sscam-peers", ".onnx");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      OnnxWriter.write(graph, weights, file);
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      return new OrtNet(environment.createSession(file.toString(), options), graph.input());
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  @Override
  public String engine() {
    return ENGINE;
  }

  @Override
  public Forward forward(int batch, float[] input) {
    // a direct buffer is used in place: nothing is copied while the clock runs
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(input.length * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    buffer.put(input).rewind();
    long[] dims = {batch, picture.dim(0), picture.dim(1), picture.dim(2)};
    try {
      OnnxTensor tensor = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), buffer, dims);
      return new OrtForward(session, tensor);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private record OrtForward(OrtSession session, OnnxTensor input) implements Forward {
    private OrtSession.Result result() {
      try {
        return session.run(Map.of(session.getInputNames().iterator().next(), input));
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void run() {
      result().close();
    }

    @Override
    public float[] logits() {
      try (OrtSession.Result result = result()) {
        FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
        float[] logits = new float[values.remaining()];
        values.get(logits);
        return logits;
      }
    }

    @Override
    public void close() {
      input.close();
    }
  }
}
