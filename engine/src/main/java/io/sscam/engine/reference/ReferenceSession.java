package io.sscam.engine.reference;

import static io.sscam.engine.reference.ReferenceTensor.floats;
import static io.sscam.engine.reference.ReferenceTensor.ints;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Gradient;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Runs everything at once in the calling thread. */
final class ReferenceSession extends ReferenceCam implements Session {
  private final AtomicLong live;

  ReferenceSession(AtomicLong live) {
    this.live = live;
  }

  @Override
  public Arena arena(String name) {
    return new ReferenceArena(new Lifetime("arena " + name, live));
  }

  @Override
  public Executable compile(Backend.Model model, int batch, Set<String> keep) {
    if (!(model instanceof ReferenceModel own)) {
      throw new IllegalArgumentException("the model belongs to another backend");
    }
    return new ReferenceExecutable(own, batch, keep, live);
  }

  @Override
  public Gradient differentiate(Backend.Model model, String layer) {
    if (!(model instanceof ReferenceModel own)) {
      throw new IllegalArgumentException("the model belongs to another backend");
    }
    return new ReferenceGradient(own, layer, live);
  }

  @Override
  public void upload(float[] source, Tensor target) {
    System.arraycopy(source, 0, floats(target), 0, fit(source.length, target));
  }

  @Override
  public void upload(int[] source, Tensor target) {
    System.arraycopy(source, 0, ints(target), 0, fit(source.length, target));
  }

  @Override
  public void download(Tensor source, float[] target) {
    System.arraycopy(floats(source), 0, target, 0, fit(target.length, source));
  }

  @Override
  public void copy(Tensor source, Tensor target, int elements) {
    fit(elements, source);
    System.arraycopy(floats(source), 0, floats(target), 0, fit(elements, target));
  }

  private static int fit(int elements, Tensor tensor) {
    if (elements > tensor.shape().elements()) {
      throw new IllegalArgumentException(
          tensor.name() + " " + tensor.shape() + " has fewer than " + elements + " elements");
    }
    return elements;
  }

  @Override
  public void fill(Tensor target, float value) {
    Arrays.fill(floats(target), value);
  }

  @Override
  public void synchronise() {}

  @Override
  public void close() {}

  private record ReferenceArena(Lifetime lifetime) implements Arena {
    @Override
    public Tensor allocate(String name, DataType type, Shape shape) {
      lifetime.check(name);
      return new ReferenceTensor(name, type, shape, lifetime);
    }

    @Override
    public void close() {
      lifetime.close();
    }
  }
}
