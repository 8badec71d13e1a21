package io.sscam.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.cpu.CpuBackend;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operands in turn. */
class RotationTest {
  private static final MapSize SIZE = new MapSize(2, 3, 4, 8, 8);

  /** Sets of 1000 bytes each, numbered. */
  private static KernelCase numbered(List<Integer> ran) {
    int[] sets = {0};
    return new KernelCase(
        "numbered",
        true,
        MapSize::toString,
        (bench, size) -> {
          int number = sets[0]++;
          Tensor result = bench.empty("out", 1);
          return new KernelCase.Call(() -> ran.add(number), result, 1000, 0);
        });
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1000, 1", "1001, 2", "2500, 3", "1e9, 32"})
  void asManySetsAsFillTheBytes(double bytes, int sets) {
    List<Integer> ran = new ArrayList<>();
    try (Backend cpu = new CpuBackend(1);
        Session session = cpu.openSession();
        Rotation rotation = Rotation.of(numbered(ran), SIZE, session, bytes)) {
      for (int i = 0; i < sets + 1; i++) {
        rotation.run();
      }
      assertThat(ran).hasSize(sets + 1).startsWith(0).endsWith(0);
      assertThat(ran.subList(0, sets)).doesNotHaveDuplicates();
    }
  }

  @Test
  void allIsGivenBack() {
    try (Backend cpu = new CpuBackend(1);
        Session session = cpu.openSession()) {
      Rotation.of(numbered(new ArrayList<>()), SIZE, session, 5000).close();
      assertThat(cpu.liveBytes()).isZero();
      KernelCase failing =
          new KernelCase(
              "failing",
              true,
              MapSize::toString,
              (bench, size) -> {
                bench.empty("out", 100);
                throw new IllegalStateException("no second operand");
              });
      assertThatThrownBy(() -> Rotation.of(failing, SIZE, session, 5000))
          .hasMessage("no second operand");
      assertThat(cpu.liveBytes()).isZero();
    }
  }
}
