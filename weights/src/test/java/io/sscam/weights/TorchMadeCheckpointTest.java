package io.sscam.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that PyTorch itself made; see make_checkpoints.py beside them. */
class TorchMadeCheckpointTest {

  private static TorchCheckpoint open(String name) throws IOException {
    try (InputStream in = TorchMadeCheckpointTest.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return TorchCheckpoint.of(ByteBuffer.wrap(in.readAllBytes()), name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"torch-zip.pth", "torch-legacy.pth"})
  void allOfItIsRead(String name) throws IOException {
    TorchCheckpoint file = open(name);
    assertThat(file.names())
        .containsExactly(
            "plain",
            "shared",
            "permuted",
            "sliced",
            "expanded",
            "scalar",
            "empty",
            "parameter",
            "half",
            "bfloat",
            "double",
            "long",
            "int",
            "short",
            "char",
            "byte",
            "bool");
    float[] plain = file.read("plain").data();
    assertThat(plain).hasSize(24).startsWith(0, 1, 2).endsWith(23);
    assertThat(file.shape("plain")).isEqualTo(Shape.of(2, 3, 4));
    assertThat(file.read("shared").data()).isEqualTo(plain);
    assertThat(file.shape("permuted")).isEqualTo(Shape.of(4, 2, 3));
    float[] permuted = file.read("permuted").data();
    for (int i = 0; i < 24; i++) {
      assertThat(permuted[i]).isEqualTo(i / 6 + 12 * (i / 3 % 2) + 4 * (i % 3));
    }
    assertThat(file.read("sliced").data()).containsExactly(4, 6, 8, 10, 16, 18, 20, 22);
    assertThat(file.read("expanded").data()).containsExactly(1.5f, 1.5f, 1.5f);
    assertThat(file.read("scalar").data()).containsExactly(2.5f);
    assertThat(file.shape("scalar")).isEqualTo(Shape.of());
    assertThat(file.shape("empty")).isEqualTo(Shape.of(0, 3));
    assertThat(file.read("parameter").data()).containsExactly(1, 1);
    assertThat(file.dtype("half")).isEqualTo(DType.F16);
    assertThat(file.read("half").data()).containsExactly(0.5f, 0.75f, 1, 1.25f);
    assertThat(file.dtype("bfloat")).isEqualTo(DType.BF16);
    assertThat(file.read("bfloat").data()).startsWith(1, -2.5f);
    assertThat(file.readDoubles("double")).containsExactly(0.1, -1e300);
    assertThat(file.readLongs("long")).containsExactly(-1, 1L << 40);
    assertThat(file.readLongs("int")).containsExactly(-2, 1 << 30);
    assertThat(file.dtype("short")).isEqualTo(DType.I16);
    assertThat(file.readBytes("char")).containsExactly(-4, 5);
    assertThat(file.readBytes("byte")).containsExactly(6, 255);
    assertThat(file.readBytes("bool")).containsExactly(1, 0);
  }
}
