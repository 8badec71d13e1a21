package io.sscam;

import io.sscam.engine.backend.Backends;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.onednn.OnednnLibrary;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIf;

/** bfloat16 on the CPU, where it has it. */
@EnabledIf(value = "processorHasIt", disabledReason = "the processor has no bfloat16")
class CpuPrecisionTest extends PrecisionContract {

  CpuPrecisionTest() {
    super(Backends.open("cpu", 2), List.of(Precision.BF16), 6, 0.3, false);
  }

  static boolean processorHasIt() {
    return OnednnLibrary.precisions().contains(Precision.BF16);
  }
}
