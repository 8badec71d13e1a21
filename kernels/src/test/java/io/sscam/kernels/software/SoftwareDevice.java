package io.sscam.kernels.software;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import io.sscam.engine.backend.Backend;
import io.sscam.kernels.cuda.CudaBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.opentest4j.TestAbortedException;

/**
 * A CUDA device in software: the driver, cuDNN, cuBLAS and NVRTC as far as the project uses them,
 * made by g++ from {@code src/test/cpp} and the project's own {@code .cu} files. It takes the real
 * one's place in {@code sscam.cuda.path} before JCuda is first used in a JVM.
 *
 * <p>With REQUIRE_CUDA=1 the real libraries are used, and nothing is built.
 */
public final class SoftwareDevice {
  private static final Path KERNELS = Path.of(System.getProperty("sscam.root"), "kernels");

  private static final int OUT_OF_MEMORY = 2;
  private static final int LAUNCH_FAILED = 719;

  private static Path installed;

  private SoftwareDevice() {}

  /** Whether the tests are to run on a GPU, where a skip is a failure. */
  public static boolean realDevice() {
    return "1".equals(System.getenv("REQUIRE_CUDA"));
  }

  /**
   * Builds the device if its sources have changed, and has it found instead of a real one.
   *
   * @throws TestAbortedException if there is no g++ (on a build server: AssertionError)
   */
  public static synchronized void install() {
    if (realDevice() || installed != null) {
      return;
    }
    installed = build();
    System.setProperty("sscam.cuda.path", installed.toString());
  }

  /**
   * Builds the device if its sources have changed.
   *
   * @return the folder of the four libraries
   * @throws TestAbortedException if there is no g++ (on a build server: AssertionError)
   */
  public static Path build() {
    requireCompiler();
    try {
      return SoftwareBuild.in(KERNELS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A backend on it, or on the first GPU with REQUIRE_CUDA=1. */
  public static Backend open() {
    install();
    return CudaBackend.open(0);
  }

  /** The folder of its libraries; {@code cuda13} in it has those that CUDA 13 names otherwise. */
  public static Path folder() {
    install();
    return installed;
  }

  /**
   * Wants g++.
   *
   * @throws TestAbortedException if it is not there (on a build server: AssertionError)
   */
  public static void requireCompiler() {
    try {
      if (new ProcessBuilder("g++", "--version").start().waitFor() == 0) {
        return;
      }
    } catch (IOException e) {
      // said below
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    String message = "the software CUDA device needs g++: install it to run these tests";
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(message);
    }
    throw new TestAbortedException(message);
  }

  private static Function function(String name) {
    install();
    return NativeLibrary.getInstance(installed.resolve("libcuda.so.1").toString())
        .getFunction(name);
  }

  private static long live(String library, String name) {
    return NativeLibrary.getInstance(installed.resolve(library).toString())
        .getFunction(name)
        .invokeLong(new Object[0]);
  }

  /**
   * Lets a call fail.
   *
   * @param call its name without a version, such as {@code cuMemAlloc}
   * @param n which call from now on, 1 being the next; 0: all
   * @param status what it answers
   */
  public static void fail(String call, long n, int status) {
    function("sw_fail").invokeVoid(new Object[] {call, n, status});
  }

  /** The n-th allocation from now on finds no memory. */
  public static void failAllocation(int n) {
    fail("cuMemAlloc", n, OUT_OF_MEMORY);
  }

  /** The n-th kernel from now on does not start. */
  public static void failLaunch(int n) {
    fail("cuLaunchKernel", n, LAUNCH_FAILED);
  }

  /** How often a call was made, or a kernel of this name ran, since the last {@link #reset}. */
  public static long calls(String call) {
    return function("sw_count").invokeLong(new Object[] {call});
  }

  /** The size of the device's memory, from now on. */
  public static void totalMemory(long bytes) {
    function("sw_set_total").invokeVoid(new Object[] {bytes});
  }

  /** Bytes of device memory that are allocated. */
  public static long liveBytes() {
    return function("sw_live_bytes").invokeLong(new Object[0]);
  }

  /** Everything else that is alive: contexts, streams, events, graphs, modules, handles, ... */
  public static long liveObjects() {
    return live("libcuda.so.1", "sw_live_streams")
        + live("libcuda.so.1", "sw_retained")
        + live("libcuda.so.1", "sw_live_modules")
        + live("libcuda.so.1", "sw_live_pinned")
        + live("libcudnn.so.9", "sw_live_cudnn")
        + live("libcublas.so.12", "sw_live_cublas");
  }

  /** Checks the zones around all allocations and tells of every finding since the last reset. */
  public static List<String> complaints() {
    function("sw_check_guards").invokeInt(new Object[0]);
    byte[] text = new byte[1 << 16];
    function("sw_findings").invokeLong(new Object[] {text, (long) text.length});
    int end = 0;
    while (text[end] != 0) {
      end++;
    }
    return new String(text, 0, end, StandardCharsets.UTF_8).lines().toList();
  }

  /**
   * Lets queued work wait until somebody waits for it, so that a result which is read too early, or
   * memory which is reused too early, shows. Environment: SW_LAZY=1.
   */
  public static void lazy(boolean on) {
    function("sw_lazy").invokeInt(new Object[] {on ? 1 : 0});
  }

  /**
   * The order of a kernel's threads and blocks; another one shows a missing barrier. Environment:
   * SW_ORDER.
   *
   * @param seed 0: forward, 1: reversed, more: shuffled
   */
  public static void order(int seed) {
    function("sw_order").invokeVoid(new Object[] {seed});
  }

  /** Forgets faults, counts and findings; memory, laziness and order are as at the beginning. */
  public static void reset() {
    function("sw_reset").invokeVoid(new Object[0]);
  }
}
