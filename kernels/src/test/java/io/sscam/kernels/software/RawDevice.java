package io.sscam.kernels.software;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sscam.kernels.cuda.driver.CudaLibraries;
import io.sscam.kernels.cuda.driver.DevicePointer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * The software device through JCuda's own calls, without the project's driver layer. At the end
 * everything is freed, and then nothing may be left.
 */
final class RawDevice implements AutoCloseable {
  /** The kernels of test_kernels.cu and wrong_kernels.cu that the tests of the device run. */
  private static final List<String> KERNELS =
      List.of(
          "test_add",
          "test_reverse",
          "test_two_barriers",
          "test_block_sum",
          "wrong_overrun",
          "wrong_barrier",
          "wrong_divergence");

  final CUstream stream = new CUstream();
  private final CUdevice device = new CUdevice();
  private final CUcontext context = new CUcontext();
  private final CUmodule module = new CUmodule();
  private final Map<Long, Long> memory = new HashMap<>();
  private final List<AutoCloseable> owned = new ArrayList<>();

  RawDevice() {
    assumeFalse(SoftwareDevice.realDevice(), "this is about the software device");
    SoftwareDevice.install();
    CudaLibraries.load();
    SoftwareDevice.reset();
    ok(JCudaDriver.cuInit(0));
    ok(JCudaDriver.cuDeviceGet(device, 0));
    ok(JCudaDriver.cuDevicePrimaryCtxRetain(context, device));
    makeCurrent();
    ok(JCudaDriver.cuStreamCreate(stream, 1));
    StringBuilder ptx = new StringBuilder(".version 7.0\n");
    KERNELS.forEach(name -> ptx.append(".entry ").append(name).append("(\n"));
    ptx.append('\0');
    ok(JCudaDriver.cuModuleLoadData(module, ptx.toString().getBytes(StandardCharsets.US_ASCII)));
  }

  static void ok(int status) {
    assertThat(status).as("status").isZero();
  }

  void makeCurrent() {
    ok(JCudaDriver.cuCtxSetCurrent(context));
  }

  /** Closes something before the device's own things. */
  void own(AutoCloseable thing) {
    owned.add(0, thing);
  }

  long room(long bytes) {
    CUdeviceptr p = new CUdeviceptr();
    ok(JCudaDriver.cuMemAlloc(p, bytes));
    long address = new Address(p).value();
    memory.put(address, bytes);
    return address;
  }

  /** Opens what JCuda keeps for itself. */
  private static final class Address extends CUdeviceptr {
    Address(CUdeviceptr of) {
      super(of, 0);
    }

    long value() {
      return getNativePointer() + getByteOffset();
    }
  }

  void free(long address) {
    memory.remove(address);
    ok(JCudaDriver.cuMemFree(new DevicePointer(address)));
  }

  long put(float... values) {
    long address = room(4L * values.length);
    ok(
        JCudaDriver.cuMemcpyHtoD(
            new DevicePointer(address), Pointer.to(values), 4L * values.length));
    return address;
  }

  long put(short... values) {
    long address = room(2L * values.length);
    ok(
        JCudaDriver.cuMemcpyHtoD(
            new DevicePointer(address), Pointer.to(values), 2L * values.length));
    return address;
  }

  float[] floats(long address, int count) {
    float[] values = new float[count];
    ok(JCudaDriver.cuMemcpyDtoH(Pointer.to(values), new DevicePointer(address), 4L * count));
    return values;
  }

  short[] shorts(long address, int count) {
    short[] values = new short[count];
    ok(JCudaDriver.cuMemcpyDtoH(Pointer.to(values), new DevicePointer(address), 2L * count));
    return values;
  }

  CUfunction function(String name) {
    CUfunction function = new CUfunction();
    ok(JCudaDriver.cuModuleGetFunction(function, module, name));
    return function;
  }

  /** Launches with Long, Integer and Float arguments; answers the status. */
  int launch(String kernel, int blocks, int threads, int shared, Object... arguments) {
    return launch(function(kernel), blocks, threads, shared, arguments);
  }

  int launch(CUfunction function, int blocks, int threads, int shared, Object... arguments) {
    Pointer[] values = new Pointer[arguments.length];
    for (int i = 0; i < values.length; i++) {
      if (arguments[i] instanceof Long v) {
        values[i] = Pointer.to(new long[] {v});
      } else if (arguments[i] instanceof Integer v) {
        values[i] = Pointer.to(new int[] {v});
      } else {
        values[i] = Pointer.to(new float[] {(Float) arguments[i]});
      }
    }
    return JCudaDriver.cuLaunchKernel(
        function, blocks, 1, 1, threads, 1, 1, shared, stream, Pointer.to(values), null);
  }

  void synchronise() {
    ok(JCudaDriver.cuStreamSynchronize(stream));
  }

  @Override
  public void close() throws Exception {
    makeCurrent();
    for (AutoCloseable thing : owned) {
      thing.close();
    }
    for (long address : List.copyOf(memory.keySet())) {
      free(address);
    }
    ok(JCudaDriver.cuModuleUnload(module));
    ok(JCudaDriver.cuStreamDestroy(stream));
    ok(JCudaDriver.cuDevicePrimaryCtxRelease(device));
    long bytes = SoftwareDevice.liveBytes();
    long objects = SoftwareDevice.liveObjects();
    List<String> complaints = SoftwareDevice.complaints();
    SoftwareDevice.reset();
    assertThat(bytes).as("live bytes").isZero();
    assertThat(objects).as("live objects").isZero();
    assertThat(complaints).as("complaints").isEmpty();
  }
}
