package io.sscam.kernels.cuda.op;

import io.sscam.kernels.cuda.driver.CudaContext;
import io.sscam.kernels.cuda.driver.CudaModule;
import io.sscam.kernels.cuda.driver.DeviceWide;
import io.sscam.kernels.cuda.driver.Kernel;
import io.sscam.kernels.cuda.driver.KernelResources;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The project's kernels on one device, loaded when first wanted: a module of PTX for each {@code
 * .cu}. Used by one thread at a time, since a kernel's arguments are written to a block of its own.
 */
public final class OpModules implements AutoCloseable {
  private static final String FOLDER = "/io/sscam/kernels/ptx/";

  private final CudaContext context;
  private final int multiprocessors;
  private final int block;
  private final Map<String, CudaModule> modules = new HashMap<>();
  private final Map<String, Kernel> kernels = new HashMap<>();

  /** Loads nothing yet. */
  public OpModules(CudaContext context) {
    this(context, Grid.BLOCK);
  }

  private OpModules(CudaContext context, int block) {
    this.context = context;
    this.multiprocessors = context.multiprocessors();
    this.block = block;
  }

  /**
   * The same with one kernel exchanged for another of its signature, so that the launcher of the
   * one launches the other. Perturb-and-mask, mask-multiply, upsampling and minimum-maximum heed
   * the size of a block.
   *
   * @param function the name of the kernel that is left out
   * @param kernel what takes its place; closed with these modules
   * @param block threads of a block
   */
  public static OpModules exchanging(
      CudaContext context, String function, Kernel kernel, int block) {
    OpModules modules = new OpModules(context, block);
    modules.kernels.put(function, kernel);
    return modules;
  }

  /** Of the device, by which grids are sized. */
  int multiprocessors() {
    return multiprocessors;
  }

  /** Threads of a block. */
  public int block() {
    return block;
  }

  /** What a kernel takes of a multiprocessor. */
  public KernelResources resources(String module, String function) {
    return kernel(module, function).resources(context, block);
  }

  /** A kernel by the name of its {@code .cu}, without the ending, and its own. */
  Kernel kernel(String module, String function) {
    Kernel known = kernels.get(function);
    if (known == null) {
      CudaModule code =
          modules.computeIfAbsent(module, name -> CudaModule.load(context, name, ptx(name)));
      known = new Kernel(context, code, function);
      kernels.put(function, known);
    }
    return known.begin();
  }

  private static byte[] ptx(String module) {
    String name = FOLDER + module + ".ptx";
    try (InputStream in = OpModules.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    DeviceWide.run(this::unload);
  }

  private void unload() {
    kernels.values().forEach(Kernel::close);
    kernels.clear();
    modules.values().forEach(CudaModule::close);
    modules.clear();
  }
}
