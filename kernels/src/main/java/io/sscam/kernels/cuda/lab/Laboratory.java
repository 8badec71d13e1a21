package io.sscam.kernels.cuda.lab;

import io.sscam.engine.backend.BackendUnavailableException;
import io.sscam.kernels.cuda.CudaBackend;
import io.sscam.kernels.cuda.CudaProvider;
import io.sscam.kernels.cuda.driver.CubinCache;
import io.sscam.kernels.cuda.driver.CudaContext;
import io.sscam.kernels.cuda.driver.CudaLibraries;
import io.sscam.kernels.cuda.driver.CudaModule;
import io.sscam.kernels.cuda.driver.CudaStream;
import io.sscam.kernels.cuda.driver.RuntimeCompiler;
import io.sscam.kernels.cuda.op.OpModules;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Compiles a candidate, compares it with the reference on awkward sizes, and times it beside the
 * project's own kernel. A candidate that faults takes the device's context with it: a laboratory
 * that has thrown is closed and not used again.
 */
public final class Laboratory implements AutoCloseable {
  private static final int LARGEST_BLOCK = 1024;
  private static final int WARP = 32;

  private final CudaBackend backend;
  private final CudaContext context;
  private final CudaStream stream;
  private final OpModules own;
  private final CandidateCompiler compiler;

  private Laboratory(CudaBackend backend, CudaLibraries libraries, int ordinal, Path cache) {
    this.backend = backend;
    this.context = CudaContext.retain(ordinal); // holds what the backend holds too
    this.stream = CudaStream.create(context);
    this.own = new OpModules(context);
    this.compiler =
        new CandidateCompiler(
            new RuntimeCompiler(new CubinCache(cache)), libraries, context.computeCapability());
  }

  /**
   * Opens a GPU.
   *
   * @param device {@code cuda:} and its number
   * @param cache the folder where compiled code is kept
   * @throws BackendUnavailableException with the reason and the mend, also if NVRTC is missing
   */
  public static Laboratory open(String device, Path cache) {
    int ordinal = CudaProvider.ordinal(device);
    CudaLibraries libraries = CudaLibraries.load();
    if (!libraries.hasCompiler()) {
      throw new BackendUnavailableException(
          "NVRTC is missing, which compiles candidates: install CUDA's libnvrtc");
    }
    return new Laboratory(CudaBackend.open(ordinal), libraries, ordinal, cache);
  }

  /**
   * Refuses blocks that no kernel here may have.
   *
   * @throws IllegalArgumentException that names the size and the mend
   */
  public static void requireBlocks(List<Integer> blocks) {
    for (int block : blocks) {
      if (block < WARP || block > LARGEST_BLOCK || block % WARP != 0) {
        throw new IllegalArgumentException(
            "a block of " + block + " threads: name multiples of 32 from 32 to 1024");
      }
    }
  }

  /**
   * Tries a candidate.
   *
   * @param blocks threads of a block, one after the other; empty for the project's own
   * @param quick on smaller sizes and fewer times
   * @param say told what begins
   * @throws CandidateException if the candidate does not compile, has no such entry point or
   *     another signature, faults, or is wrong
   * @throws IllegalArgumentException if a block is no multiple of 32 up to 1024
   */
  public LabResult run(
      Candidate candidate,
      Operation operation,
      List<Integer> blocks,
      boolean quick,
      Consumer<String> say) {
    requireBlocks(blocks);
    context.makeCurrent();
    say.accept("compiling " + candidate.name());
    RuntimeCompiler.Cubin cubin = compiler.compile(candidate);
    try (CudaModule module = CudaModule.load(context, candidate.name(), cubin.image())) {
      Trial trial = new Trial(context, stream, own, module, candidate, operation);
      trial.checkEntry();
      compiler.checkSignature(candidate, operation);
      List<Integer> wanted = blocks.isEmpty() ? List.of(own.block()) : blocks;
      for (int block : wanted) {
        say.accept("checking blocks of " + block);
        trial.check(block);
      }
      say.accept("timing");
      Size size = operation.timed(quick);
      return new LabResult(
          backend.device().description(),
          RuntimeCompiler.version(),
          operation,
          operation.on(size),
          operation.bytes(size),
          cubin.log().strip(),
          trial.time(wanted, quick));
    }
  }

  @Override
  public void close() {
    try (backend;
        context;
        stream;
        own) {
      context.makeCurrent();
    }
  }
}
