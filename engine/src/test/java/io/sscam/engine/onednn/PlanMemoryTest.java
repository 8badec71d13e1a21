package io.sscam.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.dnnl.memory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanMemoryTest {

  /** The bindings return types that are equal to no constant; layouts are chosen by comparing. */
  @ParameterizedTest
  @CsvSource({"f32, 4", "bf16, 2"})
  void typesCanBeCompared(memory.data_type type, long bytes) {
    OnednnLibrary.load();
    memory.desc desc = new memory.desc(new long[] {1, 2, 3, 4}, type, memory.format_tag.nhwc);
    assertThat(PlanMemory.type(desc)).isSameAs(type);
    assertThat(PlanMemory.bytes(desc)).isEqualTo(bytes);
  }
}
