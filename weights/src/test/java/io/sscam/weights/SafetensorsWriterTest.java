package io.sscam.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {

  private static Map<String, HostTensor> tensors() {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    tensors.put("z\"\n", new HostTensor(Shape.of(2, 2), new float[] {1, -0f, 65504, 1e-7f}));
    tensors.put("a", new HostTensor(Shape.of(), new float[] {Float.NaN}));
    tensors.put("none", new HostTensor(Shape.of(0, 3), new float[0]));
    return tensors;
  }

  private static Stream<Path> entries(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList().stream();
    }
  }

  @Test
  void whatIsWrittenIsReadBack(@TempDir Path folder) throws IOException {
    Path path = folder.resolve("out.safetensors");
    SafetensorsWriter.write(path, tensors(), Map.of("k", "v\u2028ü"), DType.F32);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.names()).containsExactly("z\"\n", "a", "none");
      assertThat(file.metadata()).isEqualTo(Map.of("k", "v\u2028ü"));
      tensors()
          .forEach(
              (name, tensor) -> {
                assertThat(file.shape(name)).isEqualTo(tensor.shape());
                assertThat(file.read(name).data()).isEqualTo(tensor.data());
              });
    }
    assertThat(entries(folder)).containsExactly(path);
    try (var in = Files.newInputStream(path)) {
      // The length of the header keeps the tensors aligned.
      assertThat(in.read() % 8).isZero();
    }
  }

  @Test
  void halvesAreRounded(@TempDir Path folder) {
    Path path = folder.resolve("out.safetensors");
    SafetensorsWriter.write(path, tensors(), Map.of(), DType.F16);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.dtype("a")).isEqualTo(DType.F16);
      assertThat(file.read("z\"\n").data()).containsExactly(1, -0f, 65504, 2 * 0x1p-24f);
      assertThat(file.read("a").data()[0]).isNaN();
    }
  }

  @Test
  void aValueTooLargeForAHalfLeavesTheOldFile(@TempDir Path folder) throws IOException {
    Path path = folder.resolve("out.safetensors");
    SafetensorsWriter.write(path, tensors(), Map.of(), DType.F32);
    byte[] before = Files.readAllBytes(path);
    var large = Map.of("w", new HostTensor(Shape.of(1), new float[] {1e6f}));
    assertThatThrownBy(() -> SafetensorsWriter.write(path, large, Map.of(), DType.F16))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("tensor \"w\" holds 1000000.0, too large for F16");
    assertThat(Files.readAllBytes(path)).isEqualTo(before);
    assertThat(entries(folder)).containsExactly(path);
  }

  @Test
  void namesThatTheFormatCannotHoldAreRefused(@TempDir Path folder) throws IOException {
    Path path = folder.resolve("out.safetensors");
    for (String name : new String[] {"__metadata__", "a\ud800"}) {
      var tensors = Map.of(name, HostTensor.zeros(Shape.of(1)));
      assertThatThrownBy(() -> SafetensorsWriter.write(path, tensors, Map.of(), DType.F32))
          .isInstanceOf(WeightsException.class);
    }
    assertThat(entries(folder)).isEmpty();
  }

  @Test
  void onlyFloatsAreWritten(@TempDir Path folder) {
    assertThatThrownBy(
            () -> SafetensorsWriter.write(folder.resolve("x"), tensors(), Map.of(), DType.I8))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFolderThatIsNotThereIsNamed(@TempDir Path folder) {
    Path path = folder.resolve("no").resolve("out.safetensors");
    assertThatThrownBy(() -> SafetensorsWriter.write(path, tensors(), Map.of(), DType.F32))
        .isInstanceOf(WeightsException.class)
        .hasMessageStartingWith(path + ": cannot be written (");
    assertThatThrownBy(() -> SafetensorsWriter.write(folder, tensors(), Map.of(), DType.F32))
        .hasMessageContaining("is a folder");
  }

  @Property(tries = 50)
  void anyNameAndAnyNumberComeBack(
      @ForAll @Size(max = 5) Map<String, float[]> values, @ForAll String remark)
      throws IOException {
    // A lone surrogate is no Unicode; the reader refuses it, so it is not written here.
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    values.forEach(
        (name, data) -> {
          String valid = name.replaceAll("[\\ud800-\\udfff]", "");
          tensors.put(valid + tensors.size(), new HostTensor(Shape.of(data.length), data));
        });
    Path path = Files.createTempFile("sscam", ".safetensors");
    try {
      String valid = remark.replaceAll("[\\ud800-\\udfff]", "");
      SafetensorsWriter.write(path, tensors, Map.of("r", valid), DType.F32);
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        assertThat(file.metadata()).containsEntry("r", valid);
        tensors.forEach(
            (name, tensor) -> assertThat(file.read(name).data()).isEqualTo(tensor.data()));
      }
    } finally {
      Files.delete(path);
    }
  }
}
