package io.sscam.kernels.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.kernels.software.SoftwareDevice;
import java.nio.charset.StandardCharsets;
import jcuda.driver.JCudaDriver;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The context, memory, streams, events and failures of the driver layer. */
class DriverTest {
  private static final long MIB = 1 << 20;

  private DriverFixture device;

  @BeforeEach
  void open() {
    device = new DriverFixture();
  }

  @AfterEach
  void close() {
    device.close();
  }

  private static void refused(ThrowingCallable call, String name) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("used after");
  }

  @Test
  void whatIsClosedSaysSoByName() {
    DeviceMemory memory = device.memory(16);
    memory.close();
    refused(memory::address, "\"test memory\"");
    PinnedMemory pinned = PinnedMemory.allocate(device.context, 16);
    pinned.close();
    refused(pinned::address, "pinned memory");
    refused(pinned::buffer, "pinned memory");
    refused(() -> Copies.toDevice(device.stream, pinned, 0, 0, 0), "pinned memory");
    CudaStream stream = CudaStream.create(device.context);
    stream.close();
    refused(stream::handle, "stream");
    refused(stream::synchronise, "stream");
    CudaModule module = device.module("layout");
    module.close();
    refused(() -> module.function("f32_to_f16"), "module layout");
    CudaEvent event = CudaEvent.create(true);
    event.close();
    refused(() -> event.record(device.stream), "event");
    refused(event::await, "event");
    refused(event::done, "event");
    CudaContext context = CudaContext.retain(0);
    context.close();
    refused(() -> DeviceMemory.allocate(context, "x", 1), "cuda:0");
    refused(context::freeBytes, "cuda:0");
  }

  /** Each is released once, however often it is closed. */
  @Test
  void closingTwiceIsClosingOnce() {
    DeviceMemory memory = device.memory(16);
    PinnedMemory pinned = PinnedMemory.allocate(device.context, 16);
    CudaModule module = device.module("layout");
    Kernel kernel = new Kernel(device.context, module, "f32_to_f16");
    CudaEvent event = CudaEvent.create(false);
    CudaStream stream = CudaStream.create(device.context);
    CapturedGraph graph = CapturedGraph.capture(stream, () -> {});
    CudaContext context = CudaContext.retain(0);
    for (AutoCloseable one :
        new AutoCloseable[] {memory, pinned, kernel, module, event, graph, stream, context}) {
      for (int time = 0; time < 2; time++) {
        assertThat(one).satisfies(AutoCloseable::close);
      }
    }
  }

  @Test
  void aDeviceThatIsNotThereIsAFailureWithCallAndName() {
    assertThatThrownBy(() -> CudaContext.retain(99))
        .isInstanceOfSatisfying(CudaFailure.class, e -> assertThat(e.status()).isEqualTo(101))
        .hasMessageStartingWith("cuDeviceGet(99): CUDA_ERROR_INVALID_DEVICE - ");
  }

  @ParameterizedTest
  @CsvSource({
    "cuStreamCreate, 1, CUDA_ERROR_INVALID_VALUE",
    "cuStreamCreate, 999, CUDA_ERROR_UNKNOWN",
    "cuStreamCreate, 719, CUDA_ERROR_LAUNCH_FAILED",
    "cuStreamCreate, 123456, 123456"
  })
  void aStatusBecomesAnExceptionWithItsName(String call, int status, String name) {
    assumeFalse(SoftwareDevice.realDevice());
    SoftwareDevice.fail(call, 1, status);
    assertThatThrownBy(() -> CudaStream.create(device.context))
        .isInstanceOfSatisfying(CudaFailure.class, e -> assertThat(e.status()).isEqualTo(status))
        .hasMessageStartingWith(call + "(): ")
        .hasMessageContaining(name);
  }

  @Test
  void whateverLacksMemorySaysSo() {
    assumeFalse(SoftwareDevice.realDevice());
    SoftwareDevice.fail("cuStreamCreate", 1, 2);
    assertThatThrownBy(() -> CudaStream.create(device.context))
        .isInstanceOf(OutOfDeviceMemoryException.class)
        .hasMessageStartingWith("cuStreamCreate(): CUDA_ERROR_OUT_OF_MEMORY");
  }

  /** The constructors that call twice undo the first if the second fails. */
  @Test
  void aContextThatCannotBeMadeCurrentIsReleased() {
    assumeFalse(SoftwareDevice.realDevice());
    long before = SoftwareDevice.liveObjects();
    SoftwareDevice.fail("cuCtxSetCurrent", 1, 999);
    assertThatThrownBy(() -> CudaContext.retain(0)).hasMessageContaining("cuCtxSetCurrent(0)");
    assertThat(SoftwareDevice.liveObjects()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 1L << 31, Long.MAX_VALUE})
  void pinnedMemoryOfAnImpossibleSizeIsRefused(long bytes) {
    assertThatThrownBy(() -> PinnedMemory.allocate(device.context, bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(bytes));
  }

  @Test
  void emptyDeviceMemoryIsAFailureByName() {
    assertThatThrownBy(() -> device.memory(0))
        .isInstanceOf(CudaFailure.class)
        .hasMessageStartingWith("cuMemAlloc(test memory, 0 bytes): CUDA_ERROR_INVALID_VALUE");
  }

  @Test
  void tooLittleMemoryIsSaidWithFiguresAndLeavesNothing() {
    assumeFalse(SoftwareDevice.realDevice());
    SoftwareDevice.totalMemory(4 * MIB);
    try (DeviceMemory first = device.memory(3 * MIB)) {
      assertThatThrownBy(() -> DeviceMemory.allocate(device.context, "the pictures", 2 * MIB))
          .isInstanceOf(OutOfDeviceMemoryException.class)
          .hasMessageContainingAll("cuda:0", "the pictures", figure(2), figure(1), figure(4));
      assertThat(SoftwareDevice.liveBytes()).isEqualTo(first.bytes());
      device.memory(MIB).close();
    }
  }

  private static String figure(long mib) {
    return "%,d".formatted(mib * MIB);
  }

  @Test
  void anyAllocationMayFailOnceAndLeavesNothing() {
    assumeFalse(SoftwareDevice.realDevice());
    SoftwareDevice.failAllocation(2);
    try (DeviceMemory first = device.memory(64)) {
      assertThatThrownBy(() -> device.memory(64)).isInstanceOf(OutOfDeviceMemoryException.class);
      assertThat(SoftwareDevice.liveBytes()).isEqualTo(first.bytes());
      device.memory(64).close();
    }
  }

  @Test
  void eventsMarkTheOrderOfWorkAndMeasureIt() {
    try (CudaEvent start = CudaEvent.create(true);
        CudaEvent end = CudaEvent.create(true);
        DeviceMemory memory = device.memory(4 * MIB)) {
      start.record(device.stream);
      Copies.fill32(device.stream, memory.address(), 1, MIB);
      end.record(device.stream);
      end.await();
      assertThat(start.done()).isTrue();
      assertThat(end.done()).isTrue();
      assertThat(end.millisSince(start)).isPositive().isLessThan(60_000f);
      assertThat(start.millisSince(end)).isNegative();
    }
  }

  @Test
  void theContextTellsOfItsDevice() {
    assertThat(device.context.name()).isNotBlank();
    assertThat(device.context.computeCapability()).isBetween(75, 200);
    assertThat(device.context.multiprocessors()).isPositive();
    assertThat(CudaContext.driverVersion()).isGreaterThanOrEqualTo(12000);
    long free = device.context.freeBytes();
    assertThat(free).isBetween(1L, device.context.totalBytes());
    try (DeviceMemory memory = device.memory(64 * MIB)) {
      assertThat(device.context.freeBytes()).isLessThanOrEqualTo(free - memory.bytes());
    }
  }

  @Test
  void whatIsNoCodeIsAFailureByName() {
    byte[] text = "no code at all".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> CudaModule.load(device.context, "nonsense", text))
        .isInstanceOf(CudaFailure.class)
        .hasMessageStartingWith("cuModuleLoadData(nonsense, 14 bytes): CUDA_ERROR_INVALID_");
  }

  /** A call that the software device lacks must never pass for one that worked. */
  @Test
  void anUnknownCallIsLoud() {
    assumeFalse(SoftwareDevice.realDevice());
    int status = JCudaDriver.cuCtxSetLimit(0, 4096);
    assertThat(status).isNotZero();
    assertThat(SoftwareDevice.complaints()).containsExactly("cuCtxSetLimit is not implemented");
    SoftwareDevice.reset();
  }

  @Test
  void memoryThatIsFreedTwiceOrWasNeverThereIsComplainedOf() {
    assumeFalse(SoftwareDevice.realDevice());
    assertThat(JCudaDriver.cuMemFree(new DevicePointer(4096))).isNotZero();
    assertThat(SoftwareDevice.complaints())
        .containsExactly("cuMemFree of an address that was not allocated");
    SoftwareDevice.reset();
  }
}
