package io.sscam.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.Shape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
  private static final String EVERY_TYPE =
      """
      {"__metadata__":{"a":"b","é":"ü"},
       "d":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},
       "l":{"dtype":"I64","shape":[1],"data_offsets":[16,24]},
       "f":{"dtype":"F32","shape":[1,2],"data_offsets":[24,32]},
       "i":{"dtype":"I32","shape":[1],"data_offsets":[32,36]},
       "h":{"dtype":"F16","shape":[],"data_offsets":[36,38]},
       "b":{"dtype":"BF16","shape":[1,1,1],"data_offsets":[38,40]},
       "u":{"dtype":"U8","shape":[2],"data_offsets":[40,42]},
       "none":{"shape":[0,7],"data_offsets":[42,42],"dtype":"F32"}}""";

  private static byte[] everyType() {
    ByteBuffer data = ByteBuffer.allocate(42).order(ByteOrder.LITTLE_ENDIAN);
    data.putDouble(0.1).putDouble(-1e300).putLong(1L << 40).putFloat(1.5f).putFloat(-2);
    data.putInt(-7).putShort((short) 0x3C00).putShort((short) 0x3F80).put((byte) 1).put((byte) -1);
    return Safetensors.file(EVERY_TYPE, data.array());
  }

  @Test
  void everyTypeIsRead() {
    try (SafetensorsFile file = Safetensors.open(everyType())) {
      assertThat(file.names()).containsExactly("d", "l", "f", "i", "h", "b", "u", "none");
      assertThat(file.metadata()).containsEntry("a", "b").containsEntry("é", "ü").hasSize(2);
      assertThat(file.read("d").data()).containsExactly(0.1f, Float.NEGATIVE_INFINITY);
      assertThat(file.readDoubles("d")).containsExactly(0.1, -1e300);
      assertThat(file.readLongs("l")).containsExactly(1L << 40);
      assertThat(file.readLongs("i")).containsExactly(-7L);
      assertThat(file.read("f").data()).containsExactly(1.5f, -2f);
      assertThat(file.read("h").data()).containsExactly(1f);
      assertThat(file.shape("h")).isEqualTo(Shape.of());
      assertThat(file.read("b").data()).containsExactly(1f);
      assertThat(file.readBytes("u")).containsExactly(1, -1);
      assertThat(file.read("none").shape()).isEqualTo(Shape.of(0, 7));
      assertThat(file.dtype("b")).isEqualTo(DType.BF16);
    }
  }

  @Test
  void aTensorOfAnotherTypeIsRefusedByName() {
    SafetensorsFile file = Safetensors.open(everyType());
    assertThatThrownBy(() -> file.read("l"))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("test.safetensors: tensor \"l\" holds I64");
    assertThatThrownBy(() -> file.readLongs("f")).isInstanceOf(WeightsException.class);
    assertThatThrownBy(() -> file.readDoubles("f")).isInstanceOf(WeightsException.class);
    assertThatThrownBy(() -> file.readBytes("f")).isInstanceOf(WeightsException.class);
    assertThatThrownBy(() -> file.read("x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("test.safetensors has no tensor \"x\"");
  }

  @Test
  void aClosedFileSaysSo() {
    SafetensorsFile file = Safetensors.open(everyType());
    file.close();
    assertThatThrownBy(() -> file.read("f"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void anEmptyHeaderIsAFileWithoutTensors() {
    assertThat(Safetensors.open(Safetensors.file("{}   ", 0)).names()).isEmpty();
  }

  @Test
  void tensorsMayLieInAnotherOrderThanTheHeaders() {
    byte[] bytes =
        Safetensors.file(
            "{\"z\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
            Checkpoints.floats(1, 2));
    SafetensorsFile file = Safetensors.open(bytes);
    assertThat(file.names()).containsExactly("z", "a");
    assertThat(file.read("z").data()).containsExactly(2f);
    assertThat(file.read("a").data()).containsExactly(1f);
  }

  @Test
  void aFileOverTwoGibibytesIsRead(@TempDir Path folder) throws IOException {
    int large = 768 << 20;
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i < 4; i++) {
      header.append(
          "\"t%d\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[%d,%d]},"
              .formatted(i, large, (long) i * large, (i + 1L) * large));
    }
    long end = 4L * large;
    header.append(
        "\"last\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[%d,%d]}}"
            .formatted(end, end + 8));
    Path path = folder.resolve("large.safetensors");
    byte[] head = Safetensors.file(header.toString(), 0);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      // The file system keeps the middle as a hole: 3 GiB that take no space.
      file.write(head);
      file.seek(head.length + 2L * large);
      file.write(42);
      file.seek(head.length + end);
      file.write(Checkpoints.floats(3, 4));
    }
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.read("last").data()).containsExactly(3f, 4f);
      assertThat(file.readRaw("t2").get(0)).isEqualTo((byte) 42);
      assertThat(file.readRaw("t2").remaining()).isEqualTo(large);
    }
  }

  @Test
  void piecesOverlapSoThatEverySliceIsWhole(@TempDir Path folder) throws IOException {
    Path path = folder.resolve("bytes");
    byte[] bytes = new byte[1000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    Files.write(path, bytes);
    try (ByteSource source = ByteSource.map(path, 64)) {
      for (int offset = 0; offset <= 1000; offset++) {
        for (int length : new int[] {0, 1, 63, 64}) {
          if (offset + length <= 1000) {
            byte[] slice = new byte[length];
            source.slice(offset, length).get(slice);
            assertThat(slice).isEqualTo(Arrays.copyOfRange(bytes, offset, offset + length));
          }
        }
      }
      assertThatThrownBy(() -> source.slice(0, 65)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> source.slice(999, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void pathsThatAreNoFileAreNamed(@TempDir Path folder) throws IOException {
    assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("none")))
        .hasMessage(folder.resolve("none") + ": there is no such file; check the path");
    assertThatThrownBy(() -> SafetensorsFile.open(folder)).hasMessageContaining("is not a file");
    Path empty = Files.createFile(folder.resolve("empty"));
    assertThatThrownBy(() -> WeightFiles.open(empty)).hasMessageContaining("is empty");
  }

  @Test
  void namesFromAFileCannotBreakTheLineOrTheTerminal() {
    String name = "a\\n\\u001b[31m" + "x".repeat(500);
    byte[] bytes =
        Safetensors.file(
            "{\"" + name + "\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,4]}}", 4);
    assertThatThrownBy(() -> Safetensors.open(bytes))
        .isInstanceOf(WeightsException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400))
        .satisfies(
            e ->
                assertThat(String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8))
                    .doesNotContain(0x0a, 0x1b));
  }
}
