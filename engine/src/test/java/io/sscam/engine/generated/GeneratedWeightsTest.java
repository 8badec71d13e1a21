package io.sscam.engine.generated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The test vectors that came with the golden results. */
class GeneratedWeightsTest {
  @Test
  void splitMix64() {
    long[] expected = {0xE220A8397B1DCDAFL, 0x6E789E6AA1B965F4L, 0x06C45D188009454FL};
    long state = 0;
    for (long output : expected) {
      state += 0x9E3779B97F4A7C15L;
      assertThat(GeneratedWeights.mix(state)).isEqualTo(output);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "input, 1ebbae8f5810b65b",
    "conv1.weight, 69a29a2cee47d254",
    "fc.bias, 145e200af8fe4b85"
  })
  void fnv1a(String name, String hash) {
    assertThat(Long.toHexString(GeneratedWeights.fnv1a(name))).isEqualTo(hash);
  }

  @Test
  void input() {
    float[] data = GeneratedWeights.input().data();
    assertThat(data).startsWith(-0x1.9bd584p0f, 0x1.3808b8p-1f, -0x1.2f7d2p0f, -0x1.cdeff8p-1f);
    assertThat(sum(data)).isCloseTo(189.5469605922699, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({
    "conv1.weight, 64x3x7x7, 0x1.2a66f8p-6, 0x1.95c03ep-4, -0x1.f0f27cp-4, -10.582405722937892",
    "bn1.weight, 64, 0x1.f1af54p-1, 0x1.109c18p0, 0x1.fe6ap-1, 63.83075529336929",
    "bn1.bias, 64, -0x1.0c897p-4, -0x1.78b494p-4, -0x1.e3240ep-6, -0.7446762152467272",
    "bn1.running_mean, 64, 0x1.801f6ep-5, 0x1.49b50ep-6, -0x1.24f26ap-4, 0.11982322158291936",
    "bn1.running_var, 64, 0x1.246e44p0, 0x1.4968acp0, 0x1.419b9cp0, 80.00026714801788",
    "fc.weight, 1000x512, -0x1.b3b88p-9, 0x1.4a21e6p-4, -0x1.b9297ap-5, -9.74803098415633",
    "fc.bias, 1000, -0x1.24edcep-9, -0x1.f91acep-10, -0x1.13681ap-6, -0.047049088519997895"
  })
  void tensors(String name, String extents, String first, String second, String last, double sum) {
    Shape shape = shape(extents);
    // a batch norm is known by its running_var
    GeneratedWeights weights =
        new GeneratedWeights(
            name.equals("bn1.running_var")
                ? Map.of(name, shape)
                : Map.of(name, shape, "bn1.running_var", Shape.of(64)));
    HostTensor tensor = weights.read(name);
    float[] data = tensor.data();
    assertThat(tensor.shape()).isEqualTo(shape);
    assertThat(data).startsWith(Float.parseFloat(first), Float.parseFloat(second));
    assertThat(data).endsWith(Float.parseFloat(last));
    assertThat(sum(data)).isCloseTo(sum, within(1e-9));
  }

  private static Shape shape(String extents) {
    String[] parts = extents.split("x", -1);
    int[] dims = new int[parts.length];
    for (int d = 0; d < dims.length; d++) {
      dims[d] = Integer.parseInt(parts[d]);
    }
    return Shape.of(dims);
  }

  private static double sum(float[] data) {
    double sum = 0;
    for (float v : data) {
      sum += v;
    }
    return sum;
  }
}
