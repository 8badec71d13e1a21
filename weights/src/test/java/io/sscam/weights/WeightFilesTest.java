package io.sscam.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightFilesTest {
  private final Path folder;

  WeightFilesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static byte[] legacy(String name) {
    byte[] pickle =
        Pickles.pickle()
            .emptyOrderedDict()
            .string(name)
            .tensor("FloatStorage", "9", 2, 0, new long[] {2}, new long[] {1}, true)
            .op('s')
            .stop();
    return Checkpoints.legacy(pickle, Map.of("9", new float[] {1, 2}));
  }

  @Test
  void theContentDecidesNotTheName() throws IOException {
    byte[] pickle = Pickles.oneTensor("module.w", 0, new long[] {2}, new long[] {1}).stop();
    Path zip = file("a.safetensors", Checkpoints.zip(pickle, Checkpoints.floats(1, 2, 3, 4)));
    Path legacy = file("b.safetensors", legacy("module.w"));
    Path safetensors =
        file(
            "c.pth",
            Safetensors.file(
                "{\"module.w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                Checkpoints.floats(1, 2)));
    for (Path path : new Path[] {zip, legacy, safetensors}) {
      try (WeightFile file = WeightFiles.open(path)) {
        assertThat(file.names()).containsExactly("w");
        assertThat(file.read("w").data()).containsExactly(1, 2);
        assertThat(file.file()).isEqualTo(path.toString());
      }
    }
  }

  @Test
  void aSafetensorsHeaderThatLooksLikeAPickleIsNone() throws IOException {
    // Its length, 640 bytes, begins with 0x80 0x02.
    String header = "{\"w\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}";
    String padded = header + " ".repeat(640 - header.length());
    try (WeightFile file = WeightFiles.open(file("x", Safetensors.file(padded, 0)))) {
      assertThat(file.format()).isEqualTo(WeightFile.Format.SAFETENSORS);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'version https://git-lfs.github.com/spec/v1', is a Git LFS pointer",
    "' <!DOCTYPE html>', is a web page",
    "'\u0089HDF\r\n', is an HDF5 file",
    "'GIF89a, a picture', is neither a safetensors file nor a PyTorch checkpoint",
    "'x', is neither a safetensors file nor a PyTorch checkpoint",
    "'PK\u0003\u0004', truncated",
    "'PK\u0005\u0006', truncated"
  })
  void whatPeoplePassByMistakeIsNamed(String content, String problem) throws IOException {
    Path path = file("x.pth", content.getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> WeightFiles.open(path))
        .isInstanceOf(WeightsException.class)
        .hasMessageStartingWith(path + ": ")
        .hasMessageContaining(problem);
  }

  @Test
  void aTarOfTheFirstPyTorchIsNamed() throws IOException {
    byte[] tar = new byte[512];
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    Path path = file("x.pth", tar);
    assertThatThrownBy(() -> WeightFiles.open(path)).hasMessageContaining("before 0.1.10");
  }

  @Test
  void convertingKeepsBitsAndTypesAndDropsCounters() throws IOException {
    byte[] checkpoint;
    try (var in = getClass().getResourceAsStream("torch-zip.pth")) {
      assertThat(in).isNotNull();
      checkpoint = in.readAllBytes();
    }
    Path source = file("in.pth", checkpoint);
    Path target = folder.resolve("out.safetensors");
    assertThat(WeightFiles.convert(source, target)).hasSize(17).startsWith("plain", "shared");
    try (WeightFile before = WeightFiles.open(source);
        WeightFile after = WeightFiles.open(target)) {
      assertThat(after.names()).containsExactlyElementsOf(before.names());
      for (String name : before.names()) {
        assertThat(after.dtype(name)).isEqualTo(before.dtype(name));
        assertThat(after.shape(name)).isEqualTo(before.shape(name));
        assertThat(after.readRaw(name)).isEqualTo(before.readRaw(name));
      }
    }
    byte[] counted =
        Safetensors.file(
            "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]},"
                + "\"bn.num_batches_tracked\":"
                + "{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]}}",
            12);
    assertThat(WeightFiles.convert(file("c", counted), target)).containsExactly("w");
  }

  @Test
  void aSourceThatIsDamagedLeavesTheTarget() throws IOException {
    Path target = file("out.safetensors", new byte[] {1});
    byte[] bytes = legacy("w");
    Path source = file("in.pth", Arrays.copyOf(bytes, bytes.length - 1));
    assertThatThrownBy(() -> WeightFiles.convert(source, target))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("truncated");
    assertThat(Files.readAllBytes(target)).containsExactly(1);
  }

  @Test
  void anInspectionTellsAll() throws IOException {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    tensors.put("bn.weight", HostTensor.zeros(Shape.of(3)));
    tensors.put("bn.running_mean", HostTensor.zeros(Shape.of(3)));
    Path path = folder.resolve("x.safetensors");
    SafetensorsWriter.write(path, tensors, Map.of("k", "v"), DType.F16);
    Inspection found = Inspection.inspect(path);
    assertThat(found.tensors())
        .containsExactly(
            new Inspection.TensorInfo("bn.weight", DType.F16, Shape.of(3)),
            new Inspection.TensorInfo("bn.running_mean", DType.F16, Shape.of(3)));
    assertThat(found.values()).isEqualTo(6);
    assertThat(found.parameters()).isEqualTo(3);
    assertThat(found.metadata()).isEqualTo(Map.of("k", "v"));
    assertThat(found.bytes()).isEqualTo(Files.size(path));
    assertThat(found.format()).isEqualTo(WeightFile.Format.SAFETENSORS);
    assertThat(Inspection.inspect(file("abc", legacy("w"))).sha256()).hasSize(64);
    assertThat(Digests.sha256(file("empty", new byte[0])))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }
}
