package io.sscam.engine.contract;

import io.sscam.engine.backend.Backend;
import org.junit.jupiter.api.Nested;

/**
 * The tests that every backend passes. A backend's own test class extends this one and says how to
 * open it; all oracles ({@link Formulas}, {@link NaiveNet}) are plain double-precision code of this
 * package, so that no backend is measured against itself.
 *
 * <p>Values are random. A failing test prints the seed that made them; {@code -Dsscam.seed=…}
 * repeats it.
 */
public abstract class BackendContract {

  /** Opens the backend under test with that many compute threads (if it has any to choose). */
  protected abstract Backend open(int threads);

  /**
   * How far a normal may be from its exact value {@code z}: 2 ulp of float32 on a CPU (SPEC.md,
   * "Noise"); a GPU's backend overrides it with 1e-6 · max(1, |z|).
   */
  protected double noiseTolerance(double z) {
    return 2 * Math.ulp((float) z);
  }

  @Nested
  class Memory extends MemoryContract {
    Memory() {
      super(BackendContract.this);
    }
  }

  @Nested
  class Maps extends MapContract {
    Maps() {
      super(BackendContract.this);
    }
  }

  @Nested
  class Noise extends NoiseContract {
    Noise() {
      super(BackendContract.this);
    }
  }

  @Nested
  class Perturbation extends PerturbContract {
    Perturbation() {
      super(BackendContract.this);
    }
  }

  @Nested
  class Scores extends ScoreContract {
    Scores() {
      super(BackendContract.this);
    }
  }

  @Nested
  class Layers extends LayerContract {
    Layers() {
      super(BackendContract.this);
    }
  }

  @Nested
  class Executables extends ExecutableContract {
    Executables() {
      super(BackendContract.this);
    }
  }

  @Nested
  class Gradients extends GradientContract {
    Gradients() {
      super(BackendContract.this);
    }
  }

  @Nested
  class Refusals extends RefusalContract {
    Refusals() {
      super(BackendContract.this);
    }
  }
}
