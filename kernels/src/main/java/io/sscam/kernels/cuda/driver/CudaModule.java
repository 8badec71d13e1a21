package io.sscam.kernels.cuda.driver;

import static io.sscam.kernels.cuda.driver.CudaFailure.check;

import java.util.Arrays;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/** Device code that has been loaded. */
public final class CudaModule implements AutoCloseable {
  private final CudaContext context;
  private final String name;
  private final CUmodule handle = new CUmodule();
  private boolean closed;

  private CudaModule(CudaContext context, String name, byte[] image) {
    this.context = context;
    this.name = name;
    context.makeCurrent();
    // PTX is a C string: the driver looks for its end.
    byte[] terminated = Arrays.copyOf(image, image.length + 1);
    check(
        JCudaDriver.cuModuleLoadData(handle, terminated),
        "cuModuleLoadData",
        name,
        image.length + " bytes");
  }

  /**
   * Loads PTX, which the driver then compiles (once: it keeps a cache), or a cubin.
   *
   * @param name for messages
   */
  public static CudaModule load(CudaContext context, String name, byte[] ptxOrCubin) {
    return new CudaModule(context, name, ptxOrCubin);
  }

  /** A kernel by its name. */
  public CUfunction function(String function) {
    checkOpen();
    CUfunction found = new CUfunction();
    check(
        JCudaDriver.cuModuleGetFunction(found, handle, function),
        "cuModuleGetFunction",
        name,
        function);
    return found;
  }

  void checkOpen() {
    if (closed) {
      throw new IllegalStateException("module " + name + " was used after it was closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      context.makeCurrent();
      check(JCudaDriver.cuModuleUnload(handle), "cuModuleUnload", name);
    }
  }
}
