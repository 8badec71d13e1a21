package io.sscam.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.backend.Backend;
import io.sscam.engine.contract.BackendContract;
import org.junit.jupiter.api.Test;

/** The oracle fulfils the contract too, and its generator is Random123's. */
class ReferenceBackendTest extends BackendContract {

  @Override
  protected Backend open(int threads) {
    return new ReferenceBackend(threads);
  }

  /** The known answers of Random123 for philox4x32, 10 rounds. */
  @Test
  void philoxGivesTheKnownAnswers() {
    long all = 0xFFFFFFFFL;
    assertThat(ReferenceNoise.philox(new long[4], new long[2]))
        .containsExactly(0x6627E8D5L, 0xE169C58DL, 0xBC57AC4CL, 0x9B00DBD8L);
    assertThat(ReferenceNoise.philox(new long[] {all, all, all, all}, new long[] {all, all}))
        .containsExactly(0x408F276DL, 0x41C83B0EL, 0xA20BC7C6L, 0x6D5451FDL);
    assertThat(
            ReferenceNoise.philox(
                new long[] {0x243F6A88L, 0x85A308D3L, 0x13198A2EL, 0x03707344L},
                new long[] {0xA4093822L, 0x299F31D0L}))
        .containsExactly(0xD16CFE09L, 0x94FDCCEBL, 0x5001E420L, 0x24126EA1L);
  }
}
