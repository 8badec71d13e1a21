package io.sscam.engine.cpu;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.onednn.NetPlan.Place;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What a net reads and writes for a batch, by the keys under which its plans know it. */
final class NetTensors implements AutoCloseable {
  private final int batch;
  private final CpuArena arena;
  private final Map<String, CpuTensor> tensors = new LinkedHashMap<>();

  /**
   * No tensors yet.
   *
   * @param name of the whole, for messages
   */
  NetTensors(String name, int batch, AtomicLong liveBytes) {
    this.batch = batch;
    this.arena = new CpuArena(name, liveBytes);
  }

  int batch() {
    return batch;
  }

  /**
   * Allocates one.
   *
   * @param shape a picture's
   */
  void add(String key, String name, Shape shape) {
    tensors.put(key, (CpuTensor) arena.allocate(name, DataType.F32, shape.withBatch(batch)));
  }

  /**
   * One of them.
   *
   * @throws IllegalArgumentException if there is none of that key
   */
  CpuTensor get(String key) {
    CpuTensor tensor = tensors.get(key);
    if (tensor == null) {
      throw new IllegalArgumentException("layer \"" + key + "\" was not asked to be kept");
    }
    return tensor;
  }

  /**
   * Fails if they were closed.
   *
   * @throws IllegalStateException naming the tensor
   */
  void check() {
    tensors.values().forEach(tensor -> tensor.buffer().check());
  }

  /** Where the pictures from {@code first} on lie. */
  Map<String, Place> places(int first) {
    Map<String, Place> places = new HashMap<>();
    tensors.forEach(
        (key, tensor) -> {
          long perPicture = tensor.shape().elements() / batch * Float.BYTES;
          places.put(key, new Place(tensor.buffer(), first * perPicture));
        });
    return places;
  }

  @Override
  public void close() {
    arena.close();
  }
}
