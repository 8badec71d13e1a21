package io.sscam;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.backend.Precision;
import io.sscam.kernels.software.SoftwareDevice;
import java.util.List;
import org.junit.jupiter.api.Test;

/** TF32 and float16 on a CUDA device; a photo takes the software device seconds. */
class CudaPrecisionTest extends PrecisionContract {

  CudaPrecisionTest() {
    super(
        SoftwareDevice.open(),
        List.of(Precision.TF32, Precision.FP16),
        SoftwareDevice.realDevice() ? 6 : 2,
        0.1,
        true);
  }

  /** What is beyond float16's numbers is said, with what to do about it. */
  @Test
  void noiseBeyondFloat16IsNamedWithItsMend() {
    Scoring strong =
        Scoring.preset("default")
            .withSamples(2)
            .withSigma(1e5)
            .withSigmaRule(Scoring.SigmaRule.ABSOLUTE);
    Method method = new Method.SsCam("test", strong);
    assertThatCode(() -> explain(Precision.FP32, method)).doesNotThrowAnyException();
    assertThatThrownBy(() -> explain(Precision.FP16, method))
        .isInstanceOf(NonFiniteException.class)
        .hasMessageStartingWith("NaN or infinity in the scores of the masked pictures, so no map")
        .hasMessageEndingWith("in float16, which ends at 65504, try precision fp32 or tf32");
  }
}
