package io.sscam.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The bench of one group of contract tests: one backend and session for the group, and after each
 * test not a byte of device memory left.
 */
@ExtendWith(NamesTheDevice.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Bench {
  /** The suite, for what differs between backends. */
  final BackendContract contract;

  final Backend backend;
  final Session session;

  Bench(BackendContract contract) {
    this.contract = contract;
    this.backend = contract.open(2);
    this.session = backend.openSession();
  }

  @AfterEach
  final void nothingIsLeft() {
    assertThat(backend.liveBytes()).as("live bytes").isZero();
  }

  @AfterAll
  final void close() {
    session.close();
    backend.close();
  }

  /** A float32 tensor with the given content. */
  final Tensor floats(Arena arena, String name, float[] data, int... dims) {
    Tensor tensor = arena.floats(name, dims);
    session.upload(data, tensor);
    return tensor;
  }

  /** An int32 vector with the given content. */
  final Tensor ints(Arena arena, String name, int... data) {
    Tensor tensor = arena.allocate(name, DataType.I32, Shape.of(data.length));
    session.upload(data, tensor);
    return tensor;
  }

  /** A tensor full of NaN, so that what an operation leaves out shows. */
  final Tensor poisoned(Arena arena, String name, int... dims) {
    Tensor tensor = arena.floats(name, dims);
    session.fill(tensor, Float.NaN);
    return tensor;
  }

  /** All elements. */
  final float[] download(Tensor tensor) {
    return download(tensor, tensor.shape().elementsAsInt());
  }

  /** The first elements. */
  final float[] download(Tensor tensor, int elements) {
    float[] data = new float[elements];
    session.download(tensor, data);
    return data;
  }
}
