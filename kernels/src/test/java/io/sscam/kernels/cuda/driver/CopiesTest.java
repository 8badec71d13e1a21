package io.sscam.kernels.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sscam.kernels.software.SoftwareDevice;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Copies and fills: where they go, and that they end where the memory does. */
class CopiesTest {
  private DriverFixture device;
  private DeviceMemory memory;
  private PinnedMemory pinned;

  @BeforeEach
  void open() {
    device = new DriverFixture();
    memory = device.memory(32);
    pinned = PinnedMemory.allocate(device.context, 32);
    Copies.fill32(device.stream, memory.address(), 7, 8);
    for (int i = 0; i < 8; i++) {
      pinned.buffer().putInt(4 * i, 100 + i);
    }
  }

  @AfterEach
  void close() {
    pinned.close();
    memory.close();
    device.close();
  }

  @Test
  void thereFromTheMiddleOfOneToTheMiddleOfTheOther() {
    Copies.toDevice(device.stream, pinned, 8, memory.address() + 16, 12);
    assertThat(device.read(memory.address(), 8)).containsExactly(7, 7, 7, 7, 102, 103, 104, 7);
  }

  @Test
  void backFromTheMiddleOfOneToTheMiddleOfTheOther() {
    device.write(memory.address(), 1, 2, 3, 4, 5, 6, 7, 8);
    Copies.toHost(device.stream, memory.address() + 4, pinned, 20, 8);
    device.stream.synchronise();
    int[] words = new int[8];
    pinned.buffer().asIntBuffer().get(words);
    assertThat(words).containsExactly(100, 101, 102, 103, 104, 2, 3, 107);
  }

  @Test
  void fromOneBlockToAnother() {
    device.write(memory.address(), 1, 2, 3, 4, 5, 6, 7, 8);
    try (DeviceMemory other = device.memory(16)) {
      Copies.fill32(device.stream, other.address(), -1, 4);
      Copies.between(device.stream, memory.address() + 20, other.address() + 4, 8);
      assertThat(device.read(other.address(), 4)).containsExactly(-1, 6, 7, -1);
    }
  }

  @Test
  void fillSetsWordsAndNoMore() {
    Copies.fill32(device.stream, memory.address() + 8, Float.floatToIntBits(1.5f), 3);
    int one = Float.floatToIntBits(1.5f);
    assertThat(device.read(memory.address(), 8)).containsExactly(7, 7, one, one, one, 7, 7, 7);
  }

  @Test
  void emptyCopiesAreNoError() {
    Copies.toDevice(device.stream, pinned, 32, memory.address(), 0);
    Copies.fill32(device.stream, memory.address(), 9, 0);
    assertThat(device.read(memory.address(), 8)).containsOnly(7);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 33",
    "32, 1",
    "33, 0",
    "-1, 4",
    "4, -1",
    "1, 9223372036854775807",
    "9223372036854775807, 1",
    "9223372036854775807, 9223372036854775807"
  })
  void whatIsBeyondThePinnedMemoryIsRefused(long offset, long bytes) {
    assertThatThrownBy(
            () -> Copies.toDevice(device.stream, pinned, offset, memory.address(), bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("pinned", String.valueOf(bytes), String.valueOf(offset), "32");
    assertThatThrownBy(() -> Copies.toHost(device.stream, memory.address(), pinned, offset, bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pinned");
    assertThat(device.read(memory.address(), 8)).containsOnly(7);
  }

  @Test
  void whatIsBeyondTheDeviceMemoryIsAFailureWithCallAndStatus() {
    assumeFalse(SoftwareDevice.realDevice(), "a GPU's context is lost after such an error");
    long address = memory.address();
    List<Runnable> beyond =
        List.of(
            () -> Copies.toDevice(device.stream, pinned, 0, address + 4, 32),
            () -> Copies.toDevice(device.stream, pinned, 0, address - 4, 8),
            () -> Copies.toHost(device.stream, address + 32, pinned, 0, 1),
            () -> Copies.between(device.stream, address, address + 16, 17),
            () -> Copies.fill32(device.stream, address, 0, 9),
            () -> Copies.fill32(device.stream, address, 0, 1L << 62));
    for (Runnable copy : beyond) {
      assertThatThrownBy(copy::run)
          .isInstanceOf(CudaFailure.class)
          .hasMessageMatching("(?s)cuMem\\w+Async\\(\\d+ (bytes|words)\\): CUDA_ERROR_\\w+ - .*");
    }
    assertThat(SoftwareDevice.complaints()).hasSameSizeAs(beyond);
    assertThat(device.read(address, 8)).containsOnly(7);
    SoftwareDevice.reset();
  }
}
