package io.sscam.kernels.cuda.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

/** Grids cover their work, and what kernels cannot do is refused. */
class GridTest {

  @Test
  void aSmallWorkHasARowEachAndALargeOneHasRuns() {
    assertThat(Grid.runs(49, 16, 132)).isEqualTo(16);
    assertThat(Grid.runs(49, 256, 132)).isEqualTo(32); // runs of 8, 12 blocks a multiprocessor
    assertThat(Grid.runs(49, 66, 132)).isEqualTo(17); // runs of 4: 7 blocks, and with 5 they are 6
    assertThat(Grid.runs(1 << 20, 3, 132)).isEqualTo(1);
    assertThat(Grid.runs(49, 5120, 132)).isEqualTo(640); // no longer than 8
    assertThat(Grid.runs(1, 1_000_000, 132)).isEqualTo(65535);
  }

  @Test
  void quadsCoverThePlane() {
    assertThat(Grid.quads(1)).isEqualTo(1);
    assertThat(Grid.quads(1024)).isEqualTo(1);
    assertThat(Grid.quads(1025)).isEqualTo(2);
    assertThat(Grid.quads(7, 7, 224, 224, Grid.BLOCK)).isEqualTo(49);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Grid.quads(7, 7, 50_000, 50_000, Grid.BLOCK))
        .withMessage("7×7 upsampled to 50000×50000 is too large");
    assertThatIllegalArgumentException().isThrownBy(() -> Grid.fits(1, 50_000, 1, 50_000));
    assertThatIllegalArgumentException().isThrownBy(() -> Grid.fits(1 << 15, 1 << 15, 1, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Grid.positive(3, 0))
        .withMessage("sizes below 1 among [3, 0]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Grid.aligned(256, 264))
        .withMessage("the address 0x108 is no multiple of 16");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Grid.slice(8, 16, 9))
        .withMessage("8 channels from 9 on do not lie in 16");
  }
}
