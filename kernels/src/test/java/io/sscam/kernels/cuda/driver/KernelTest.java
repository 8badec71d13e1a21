package io.sscam.kernels.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sscam.kernels.software.SoftwareDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Launches of a kernel, and what is refused. */
class KernelTest {
  private static final int ONE = 0x3c00;

  private DriverFixture device;
  private CudaModule module;
  private Kernel kernel;
  private DeviceMemory in;
  private DeviceMemory out;

  @BeforeEach
  void open() {
    device = new DriverFixture();
    module = device.module("layout");
    kernel = new Kernel(device.context, module, "f32_to_f16");
    in = device.memory(64);
    out = device.memory(8);
    Copies.fill32(device.stream, in.address(), Float.floatToIntBits(1), 16);
  }

  @AfterEach
  void close() {
    out.close();
    in.close();
    kernel.close();
    module.close();
    device.close();
  }

  private Kernel convert(long n) {
    return kernel.begin().pointer(in.address()).i64(n).pointer(out.address());
  }

  @Test
  void itsArgumentsReachIt() {
    convert(4).launch(device.stream, 1, 1, 1, 32, 0);
    assertThat(device.read(out.address(), 2)).containsOnly(ONE << 16 | ONE);
  }

  /** The driver has copied them, so that the block may be filled for the next launch. */
  @Test
  void theNextLaunchHasItsOwnArguments() {
    Copies.fill32(device.stream, out.address(), 0, 2);
    convert(1).launch(device.stream, 1, 1, 1, 32, 0);
    kernel.begin().pointer(in.address()).i64(1).pointer(out.address() + 6);
    kernel.launch(device.stream, 1, 1, 1, 32, 0);
    assertThat(device.read(out.address(), 2)).containsExactly(ONE, ONE << 16);
  }

  @Test
  void everyTypeOfArgumentArrivesWhole() {
    try (CudaModule noise = device.module("gaussian_noise");
        Kernel gaussian = new Kernel(device.context, noise, "gaussian_noise");
        DeviceMemory normals = device.memory(64)) {
      long[] seeds = {1, 1L << 32 | 1, 1};
      int[] channels = {0, 0, -1};
      for (int i = 0; i < seeds.length; i++) {
        gaussian.begin().i64(seeds[i]).i32(channels[i]).i32(0);
        gaussian.pointer(normals.address() + 16L * i).i64(4);
        gaussian.launch(device.stream, 1, 1, 1, 32, 0);
      }
      assertThat(device.read(normals.address(), 12)).doesNotHaveDuplicates();
    }
  }

  @Test
  void aKernelThatIsAbsentIsAFailureWithBothNames() {
    assertThatThrownBy(() -> new Kernel(device.context, module, "absent"))
        .isInstanceOf(CudaFailure.class)
        .hasMessageStartingWith("cuModuleGetFunction(layout, absent): CUDA_ERROR_NOT_FOUND");
    assertThatThrownBy(() -> new Kernel(device.context, module, "softmax"))
        .as("of another module")
        .isInstanceOf(CudaFailure.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 1",
    "-1, 1, 1",
    "2147483648, 1, 1",
    "1, 0, 1",
    "1, 65536, 1",
    "1, 1, 0",
    "1, 1, 65536",
    "4294967297, 1, 1"
  })
  void anImpossibleGridIsRefusedByName(long x, int y, int z) {
    assertThatThrownBy(() -> convert(4).launch(device.stream, x, y, z, 32, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("f32_to_f16")
        .hasMessageContaining(x + "×" + y + "×" + z);
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "1025"})
  void anImpossibleBlockIsAFailureWithItsSize(int block) {
    assertThatThrownBy(() -> convert(4).launch(device.stream, 1, 1, 1, block, 0))
        .isInstanceOf(CudaFailure.class)
        .hasMessageStartingWith(
            "cuLaunchKernel(f32_to_f16, grid 1×1×1, block "
                + block
                + "): CUDA_ERROR_INVALID_VALUE");
  }

  @Test
  void moreThan24ArgumentsAreRefusedByName() {
    kernel.begin();
    for (int i = 0; i < 24; i++) {
      kernel.i32(i);
    }
    assertThatThrownBy(() -> kernel.i64(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("f32_to_f16")
        .hasMessageContaining("24");
    convert(4).launch(device.stream, 1, 1, 1, 32, 0);
    assertThat(device.read(out.address(), 2)).as("after it").containsOnly(ONE << 16 | ONE);
  }

  @Test
  void afterItsEndOrItsModulesEndItIsRefusedByName() {
    Kernel other = new Kernel(device.context, module, "nchw_f32_to_nhwc_f16");
    other.close();
    assertThatThrownBy(other::begin)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("kernel nchw_f32_to_nhwc_f16 was used after");
    assertThatThrownBy(() -> other.i32(1)).isInstanceOf(IllegalStateException.class);
    convert(4);
    module.close();
    assertThatThrownBy(() -> kernel.launch(device.stream, 1, 1, 1, 32, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("module layout was used after");
  }

  @Test
  void aLaunchThatFailsIsAFailureAndTheNextWorks() {
    assumeFalse(SoftwareDevice.realDevice());
    SoftwareDevice.failLaunch(2);
    Copies.fill32(device.stream, out.address(), 0, 2);
    convert(1).launch(device.stream, 1, 1, 1, 32, 0);
    assertThatThrownBy(() -> convert(4).launch(device.stream, 1, 1, 1, 32, 0))
        .isInstanceOfSatisfying(CudaFailure.class, e -> assertThat(e.status()).isEqualTo(719))
        .hasMessageStartingWith("cuLaunchKernel(f32_to_f16, grid 1×1×1, block 32): CUDA_ERROR_");
    assertThat(device.read(out.address(), 2)).containsExactly(ONE, 0);
    convert(4).launch(device.stream, 1, 1, 1, 32, 0);
    assertThat(device.read(out.address(), 2)).containsOnly(ONE << 16 | ONE);
  }

  /** Told to write one element too many, it writes into the zone behind its memory. */
  @Test
  void anOverrunIsFoundByTheGuardZones() {
    assumeFalse(SoftwareDevice.realDevice());
    convert(5).launch(device.stream, 1, 1, 1, 32, 0);
    device.stream.synchronise();
    assertThat(SoftwareDevice.complaints())
        .containsExactly("memory of 8 bytes was written beyond its ends");
    out.close();
    out = device.memory(8);
    SoftwareDevice.reset();
  }

  @Test
  void anUnderrunIsFoundWhenTheMemoryIsFreed() {
    assumeFalse(SoftwareDevice.realDevice());
    kernel.begin().pointer(in.address()).i64(2).pointer(out.address() - 2);
    kernel.launch(device.stream, 1, 1, 1, 32, 0);
    out.close();
    assertThat(SoftwareDevice.complaints())
        .containsExactly("memory of 8 bytes was written beyond its ends");
    out = device.memory(8);
    SoftwareDevice.reset();
  }

  @Test
  void itTellsTheMostThreadsOfABlock() {
    assertThat(kernel.maxThreads()).isBetween(32, 1024);
  }
}
