package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TopChannelsTest {
  /** Five channels of 2×2: standard deviations 1, 0, 5, 1 and 0.5; the means do not count. */
  private static final float[] ACTIVATIONS = {
    1, -1, 1, -1,
    9, 9, 9, 9,
    0, 10, 0, 10,
    101, 99, 101, 99,
    0, 1, 0, 1
  };

  private static final int[] ALL = {0, 1, 2, 3, 4};

  @Test
  void takesThoseThatVaryMostInTheirOrder() {
    assertThat(TopChannels.of(ACTIVATIONS, 5, ALL, 3)).containsExactly(0, 2, 3);
    assertThat(TopChannels.of(ACTIVATIONS, 5, ALL, 1)).containsExactly(2);
    assertThat(TopChannels.of(ACTIVATIONS, 5, ALL, 4)).containsExactly(0, 2, 3, 4);
  }

  @Test
  void ofEqualOnesTheFirst() {
    assertThat(TopChannels.of(ACTIVATIONS, 5, ALL, 2)).containsExactly(0, 2);
  }

  @Test
  void takesAllWhereThereAreNoMore() {
    assertThat(TopChannels.of(ACTIVATIONS, 5, ALL, 5)).containsExactly(ALL);
    assertThat(TopChannels.of(ACTIVATIONS, 5, ALL, Scoring.ALL_CHANNELS)).containsExactly(ALL);
  }

  @Test
  void choosesOnlyAmongThoseGiven() {
    assertThat(TopChannels.of(ACTIVATIONS, 5, new int[] {1, 3, 4}, 2)).containsExactly(3, 4);
  }
}
