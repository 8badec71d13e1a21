package io.sscam.kernels.cuda.lab;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.CamOperations.Chunk;
import io.sscam.engine.backend.CamOperations.Noise;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.reference.ReferenceBackend;

/** What is right, by the engine's reference. */
record Expected(Session session, Arena arena) {

  /** The output, in double precision until it is rounded at the end. */
  static float[] of(Operation operation, Size s, Operands in) {
    try (ReferenceBackend reference = new ReferenceBackend(1);
        Session session = reference.openSession();
        Arena arena = session.arena("expected")) {
      return new Expected(session, arena).compute(operation, s, in);
    }
  }

  private float[] compute(Operation operation, Size s, Operands in) {
    Tensor out =
        switch (operation) {
          case PERTURB_AND_MASK -> perturb(s, in);
          case MASK_MULTIPLY -> {
            Tensor product = arena.floats("out", s.c(), s.height(), s.width());
            session.maskMultiply(tensor(in.mask(), s.height(), s.width()), image(s, in), product);
            yield product;
          }
          case UPSAMPLE_BILINEAR -> {
            Tensor large = arena.floats("out", s.k(), s.height(), s.width());
            session.upsampleBilinear(maps(s, in), large);
            yield large;
          }
          case MINMAX -> {
            Tensor range = arena.floats("range", s.k(), 2);
            session.minMax(maps(s, in), range);
            yield range;
          }
        };
    float[] values = new float[out.shape().elementsAsInt()];
    session.download(out, values);
    return values;
  }

  private Tensor perturb(Size s, Operands in) {
    Tensor channels = arena.allocate("channels", DataType.I32, Shape.of(s.k()));
    session.upload(in.channels(), channels);
    Tensor out = arena.floats("out", s.count(), s.c(), s.height(), s.width());
    session.perturbAndMask(
        Noise.MASKED_INPUT,
        Operands.SEED,
        new Chunk(s.first(), s.count(), s.samples()),
        channels,
        maps(s, in),
        tensor(in.affine(), s.k(), 3),
        image(s, in),
        out);
    return out;
  }

  private Tensor maps(Size s, Operands in) {
    return tensor(in.maps(), s.k(), s.h(), s.w());
  }

  private Tensor image(Size s, Operands in) {
    return tensor(in.image(), s.c(), s.height(), s.width());
  }

  private Tensor tensor(float[] values, int... dims) {
    Tensor tensor = arena.floats("operand", dims);
    session.upload(values, tensor);
    return tensor;
  }
}
