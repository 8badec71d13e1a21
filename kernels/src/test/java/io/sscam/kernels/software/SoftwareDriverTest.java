package io.sscam.kernels.software;

import static io.sscam.kernels.software.RawDevice.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.kernels.cuda.driver.DevicePointer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import jcuda.Pointer;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUgraphNode;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The software driver under JCuda's natives: what it does, and what it finds. */
class SoftwareDriverTest {
  private RawDevice device;

  @BeforeEach
  void open() {
    device = new RawDevice();
  }

  @AfterEach
  void close() throws Exception {
    if (device != null) {
      device.close();
    }
  }

  private static float[] count(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = i;
    }
    return values;
  }

  /** What was found, which is then forgotten. */
  private static void found(String... parts) {
    assertThat(SoftwareDevice.complaints()).hasSize(1);
    assertThat(SoftwareDevice.complaints().get(0)).contains(parts);
    SoftwareDevice.reset();
  }

  private float[] reversedBy(String kernel, int order) {
    long in = device.put(count(256));
    long out = device.room(4 * 256);
    SoftwareDevice.order(order);
    if (kernel.startsWith("wrong")) {
      ok(device.launch(kernel, 1, 256, 0, in, 256, out));
    } else {
      ok(device.launch(kernel, 4, 64, 0, in, out));
    }
    return device.floats(out, 256);
  }

  @Test
  void newMemoryIsNotANumber() {
    assertThat(device.floats(device.room(400), 100)).containsOnly(Float.NaN);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 99})
  void aKernelWithItsBarrierIsRightInEveryOrder(int order) {
    float[] out = reversedBy("test_reverse", order);
    for (int i = 0; i < 256; i++) {
      assertThat(out[i]).isEqualTo(i / 64 * 64 + 63 - i % 64);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 99})
  void aMissingBarrierShowsInEveryOrder(int order) {
    float[] expected = count(256);
    for (int i = 0; i < 256; i++) {
      expected[i] = 255 - i;
    }
    assertThat(reversedBy("wrong_barrier", order)).isNotEqualTo(expected);
  }

  @Test
  void threadsThatWaitForEachOtherForEverEndTheLaunch() {
    long data = device.room(4 * 256);
    assertThat(device.launch("wrong_divergence", 1, 256, 0, data, 101, data))
        .isEqualTo(CUresult.CUDA_ERROR_LAUNCH_FAILED);
    found("wrong_divergence: threads wait for each other for ever", "block (0,0,0)");
    assertThat(device.launch("test_add", 1, 64, 0, data, 64, 1f)).as("the next").isZero();
  }

  @Test
  void threadsAtDifferentBarriersEndTheLaunch() {
    long data = device.room(4 * 64);
    assertThat(device.launch("test_two_barriers", 1, 64, 0, data))
        .isEqualTo(CUresult.CUDA_ERROR_LAUNCH_FAILED);
    found("test_two_barriers: threads met at different barriers");
  }

  @Test
  void anOverrunIsFoundWithoutFreeing() {
    long in = device.put(count(100));
    long out = device.room(400);
    ok(device.launch("wrong_overrun", 1, 128, 0, in, 100, out));
    found("memory of 400 bytes was written beyond its ends");
    ok(JCudaDriver.cuMemsetD32(new DevicePointer(out), 0, 100));
    device.free(out);
    found("memory of 400 bytes was written beyond its ends");
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 64, 512, 1024})
  void blocksSumInDynamicSharedMemoryAndWarps(int threads) {
    int blocks = 37;
    float[] values = new float[blocks * threads];
    float[] expected = new float[blocks];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 7;
      expected[i / threads] += values[i];
    }
    long in = device.put(values);
    long out = device.room(4L * blocks);
    CUfunction sum = device.function("test_block_sum");
    ok(
        JCudaDriver.cuLaunchKernel(
            sum,
            blocks,
            1,
            1,
            threads / 16,
            8,
            2,
            128,
            device.stream,
            Pointer.to(Pointer.to(new long[] {in}), Pointer.to(new long[] {out})),
            null));
    assertThat(device.floats(out, blocks)).isEqualTo(expected);
    assertThat(SoftwareDevice.calls("test_block_sum")).isOne();
  }

  @Test
  void moreSharedMemoryThanAllowedIsRefused() {
    long data = device.room(4096);
    CUfunction sum = device.function("test_block_sum");
    int invalid = CUresult.CUDA_ERROR_INVALID_VALUE;
    assertThat(device.launch(sum, 1, 32, 49 * 1024, data, data)).isEqualTo(invalid);
    ok(JCudaDriver.cuFuncSetAttribute(sum, 8, 50 * 1024));
    ok(device.launch(sum, 1, 32, 49 * 1024, data, data));
  }

  @Test
  void aKernelThatIsGivenFreedMemoryIsNotRun() {
    long data = device.room(400);
    device.free(data);
    assertThat(device.launch("test_add", 1, 64, 0, data, 64, 1f))
        .isEqualTo(CUresult.CUDA_ERROR_ILLEGAL_ADDRESS);
    found("test_add: parameter 0 points to no allocation");
  }

  @Test
  void aKernelOfAModuleThatIsGoneIsNotRun() {
    CUmodule module = new CUmodule();
    CUfunction function = new CUfunction();
    ok(
        JCudaDriver.cuModuleLoadData(
            module, ".version 7.0 .entry test_add(\0".getBytes(StandardCharsets.US_ASCII)));
    ok(JCudaDriver.cuModuleGetFunction(function, module, "test_add"));
    ok(JCudaDriver.cuModuleUnload(module));
    assertThat(device.launch(function, 1, 32, 0, 0L, 0, 1f))
        .isEqualTo(CUresult.CUDA_ERROR_INVALID_HANDLE);
    found("whose module does not exist");
  }

  @Test
  void aCallOnAThreadWithoutContextIsRefused() throws Exception {
    CUdeviceptr p = new CUdeviceptr();
    int there = CompletableFuture.supplyAsync(() -> JCudaDriver.cuMemAlloc(p, 100)).get();
    assertThat(there).isEqualTo(CUresult.CUDA_ERROR_INVALID_CONTEXT);
  }

  @Test
  void theContextIsGoneWithItsLastRelease() throws Exception {
    device.close();
    CUdeviceptr p = new CUdeviceptr();
    assertThat(JCudaDriver.cuMemAlloc(p, 100)).isEqualTo(CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED);
    CUdevice first = new CUdevice();
    ok(JCudaDriver.cuDeviceGet(first, 0));
    assertThat(JCudaDriver.cuDevicePrimaryCtxRelease(first))
        .isEqualTo(CUresult.CUDA_ERROR_INVALID_CONTEXT);
    found("cuDevicePrimaryCtxRelease of a context that is not retained");
    device = null;
  }

  @Test
  void memoryEndsWhereTheTestSays() {
    SoftwareDevice.totalMemory(1 << 20);
    long[] free = new long[1];
    long[] total = new long[1];
    long half = device.room(1 << 19);
    ok(JCudaDriver.cuMemGetInfo(free, total));
    assertThat(total[0]).isEqualTo(1 << 20);
    assertThat(free[0]).isEqualTo(1 << 19);
    int none = CUresult.CUDA_ERROR_OUT_OF_MEMORY;
    assertThat(JCudaDriver.cuMemAlloc(new CUdeviceptr(), (1 << 19) + 1)).isEqualTo(none);
    device.free(half);
    SoftwareDevice.failAllocation(2);
    long first = device.room(100);
    assertThat(JCudaDriver.cuMemAlloc(new CUdeviceptr(), 100)).isEqualTo(none);
    device.free(first);
    assertThat(SoftwareDevice.calls("cuMemAlloc")).isEqualTo(4);
  }

  @Test
  void fillsOfAllWidths() {
    long data = device.room(16);
    ok(JCudaDriver.cuMemsetD32Async(new DevicePointer(data), 0x01020304, 4, device.stream));
    ok(JCudaDriver.cuMemsetD16Async(new DevicePointer(data + 4), (short) 0x1111, 2, device.stream));
    ok(JCudaDriver.cuMemsetD8Async(new DevicePointer(data + 9), (byte) 0x22, 2, device.stream));
    assertThat(device.shorts(data, 8))
        .containsExactly(
            new short[] {0x0304, 0x0102, 0x1111, 0x1111, 0x2204, 0x0122, 0x0304, 0x0102});
    assertThat(
            JCudaDriver.cuMemsetD16Async(new DevicePointer(data + 14), (short) 0, 2, device.stream))
        .isEqualTo(CUresult.CUDA_ERROR_ILLEGAL_ADDRESS);
    found("cuMemsetD16Async of 4 bytes reaches beyond an allocation");
  }

  /** Kernel, copies and fill are recorded and run at every launch of the graph, in order. */
  @Test
  void aGraphIsCapturedAndReplayed() {
    long data = device.put(count(64));
    Pointer pinned = new Pointer();
    ok(JCudaDriver.cuMemAllocHost(pinned, 256));
    device.own(() -> ok(JCudaDriver.cuMemFreeHost(pinned)));
    begin();
    ok(device.launch("test_add", 1, 64, 0, data, 64, 1f));
    ok(JCudaDriver.cuMemsetD32Async(new DevicePointer(data), 0, 1, device.stream));
    ok(JCudaDriver.cuMemcpyDtoHAsync(pinned, new DevicePointer(data), 256, device.stream));
    assertThat(SoftwareDevice.calls("test_add")).as("nothing has run").isZero();
    CUgraph graph = new CUgraph();
    CUgraphExec executable = end(graph);
    long[] nodes = new long[1];
    ok(JCudaDriver.cuGraphGetNodes(graph, (CUgraphNode[]) null, nodes));
    assertThat(nodes[0]).isEqualTo(3);
    for (int i = 0; i < 3; i++) {
      ok(JCudaDriver.cuGraphLaunch(executable, device.stream));
    }
    device.synchronise();
    FloatBuffer out = pinned.getByteBuffer(0, 256).asFloatBuffer();
    assertThat(out.get(0)).isZero();
    assertThat(out.get(63)).isEqualTo(66);
    assertThat(SoftwareDevice.calls("test_add")).isEqualTo(3);
    assertThat(SoftwareDevice.calls("cuLaunchKernel")).isOne();
  }

  private void begin() {
    int mode = CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
    ok(JCudaDriver.cuStreamBeginCapture(device.stream, mode));
  }

  private CUgraphExec end(CUgraph graph) {
    ok(JCudaDriver.cuStreamEndCapture(device.stream, graph));
    CUgraphExec executable = new CUgraphExec();
    ok(JCudaDriver.cuGraphInstantiate(executable, graph, 0));
    device.own(() -> ok(JCudaDriver.cuGraphDestroy(graph)));
    device.own(() -> ok(JCudaDriver.cuGraphExecDestroy(executable)));
    return executable;
  }

  @Test
  void anAllocationWithinACaptureSpoilsIt() {
    begin();
    assertThat(JCudaDriver.cuMemAlloc(new CUdeviceptr(), 100))
        .isEqualTo(CUresult.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
    assertThat(JCudaDriver.cuStreamEndCapture(device.stream, new CUgraph()))
        .isEqualTo(CUresult.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
  }

  @Test
  void aCopyOfOrdinaryMemoryIsNotCaptured() {
    long data = device.room(256);
    begin();
    assertThat(
            JCudaDriver.cuMemcpyHtoDAsync(
                new DevicePointer(data), Pointer.to(count(64)), 256, device.stream))
        .isEqualTo(CUresult.CUDA_ERROR_INVALID_VALUE);
    found("cuMemcpyHtoDAsync with memory that is not pinned was captured");
    end(new CUgraph());
  }

  @Test
  void aReplayAfterItsMemoryWasFreedIsFound() {
    long data = device.room(256);
    begin();
    ok(device.launch("test_add", 1, 64, 0, data, 64, 1f));
    CUgraphExec executable = end(new CUgraph());
    device.free(data);
    assertThat(JCudaDriver.cuGraphLaunch(executable, device.stream))
        .isEqualTo(CUresult.CUDA_ERROR_ILLEGAL_ADDRESS);
    found("test_add: parameter 0 points to no allocation");
  }

  /** On a lazy device nothing has happened before somebody waits. */
  @Test
  void whatIsReadTooEarlyShowsOnALazyDevice() {
    Pointer pinned = new Pointer();
    ok(JCudaDriver.cuMemAllocHost(pinned, 256));
    device.own(() -> ok(JCudaDriver.cuMemFreeHost(pinned)));
    FloatBuffer host = pinned.getByteBuffer(0, 256).order(ByteOrder.nativeOrder()).asFloatBuffer();
    long data = device.put(count(64));
    CUevent done = new CUevent();
    ok(JCudaDriver.cuEventCreate(done, 0));
    device.own(() -> ok(JCudaDriver.cuEventDestroy(done)));
    SoftwareDevice.lazy(true);
    ok(device.launch("test_add", 1, 64, 0, data, 64, 5f));
    ok(JCudaDriver.cuMemcpyDtoHAsync(pinned, new DevicePointer(data), 256, device.stream));
    ok(JCudaDriver.cuEventRecord(done, device.stream));
    assertThat(host.get(1)).as("too early").isZero();
    assertThat(JCudaDriver.cuEventQuery(done)).isEqualTo(CUresult.CUDA_ERROR_NOT_READY);
    ok(JCudaDriver.cuEventSynchronize(done));
    assertThat(host.get(1)).isEqualTo(6);
  }

  @Test
  void aLaunchThatFailsOnALazyDeviceIsToldToWhoeverWaits() {
    long data = device.room(256);
    SoftwareDevice.lazy(true);
    SoftwareDevice.fail("test_add", 1, 719);
    ok(device.launch("test_add", 1, 64, 0, data, 64, 5f));
    assertThat(JCudaDriver.cuStreamSynchronize(device.stream))
        .isEqualTo(CUresult.CUDA_ERROR_LAUNCH_FAILED);
    device.synchronise();
  }

  @Test
  void eventsMeasureOnlyWhatTheyWereMadeFor() {
    CUevent[] events = {new CUevent(), new CUevent(), new CUevent()};
    for (int i = 0; i < 3; i++) {
      CUevent event = events[i];
      ok(JCudaDriver.cuEventCreate(event, i == 2 ? 2 : 0));
      device.own(() -> ok(JCudaDriver.cuEventDestroy(event)));
    }
    float[] millis = new float[1];
    int invalid = CUresult.CUDA_ERROR_INVALID_HANDLE;
    ok(JCudaDriver.cuEventRecord(events[0], device.stream));
    assertThat(JCudaDriver.cuEventElapsedTime(millis, events[0], events[1])).isEqualTo(invalid);
    ok(JCudaDriver.cuEventRecord(events[1], device.stream));
    ok(JCudaDriver.cuEventRecord(events[2], device.stream));
    ok(JCudaDriver.cuEventElapsedTime(millis, events[0], events[1]));
    assertThat(millis[0]).isBetween(0f, 1000f);
    assertThat(JCudaDriver.cuEventElapsedTime(millis, events[0], events[2])).isEqualTo(invalid);
  }
}
