package io.sscam.kernels.cuda.lab;

import io.sscam.kernels.cuda.driver.CudaLibraries;
import io.sscam.kernels.cuda.driver.KernelCompileException;
import io.sscam.kernels.cuda.driver.RuntimeCompiler;
import io.sscam.kernels.cuda.driver.VendorLibrary;
import io.sscam.kernels.cuda.op.OpModules;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Compiles candidates, which may include the project's own headers. */
final class CandidateCompiler {
  private static final List<String> HEADERS = List.of("common.cuh", "philox.cuh", "upsample.cuh");

  private final RuntimeCompiler compiler;
  private final int computeCapability;
  private final List<String> options;
  private final SortedMap<String, String> headers;

  CandidateCompiler(RuntimeCompiler compiler, CudaLibraries libraries, int computeCapability) {
    this.compiler = compiler;
    this.computeCapability = computeCapability;
    this.options = includePath(libraries.file(VendorLibrary.NVRTC));
    this.headers = new TreeMap<>();
    HEADERS.forEach(name -> headers.put(name, header(name)));
  }

  /**
   * Compiles.
   *
   * @throws CandidateException with NVRTC's log, whose line numbers are the file's
   */
  RuntimeCompiler.Cubin compile(Candidate candidate) {
    try {
      return compiler.compile(source(candidate, candidate.text()), computeCapability, options);
    } catch (KernelCompileException e) {
      throw new CandidateException(
          candidate.name() + " does not compile with NVRTC " + RuntimeCompiler.version(), e.log());
    }
  }

  /**
   * Has the compiler compare the type of the entry point, which must be there, with the
   * operation's: a launch takes any arguments, and the kernel would read others than were meant.
   *
   * @throws CandidateException if it is another
   */
  void checkSignature(Candidate candidate, Operation operation) {
    String check =
        """

        #line 1 "signature"
        template <class F> struct LabSignature { static const bool right = false; };
        template <> struct LabSignature<void(%s)> { static const bool right = true; };
        static_assert(LabSignature<decltype(%s)>::right, "the parameters are other ones");
        """
            .formatted(operation.parameters(), operation.id());
    try {
      compiler.compile(source(candidate, candidate.text() + check), computeCapability, options);
    } catch (KernelCompileException e) {
      throw new CandidateException(
          candidate.name() + " has another signature; declare it as " + operation.signature());
    }
  }

  private RuntimeCompiler.Source source(Candidate candidate, String text) {
    return new RuntimeCompiler.Source(candidate.name(), text, headers);
  }

  /**
   * Where {@code cuda_fp16.h} is, which {@code common.cuh} wants and NVRTC may lack: beside the
   * compiler in a toolkit and in Python's packages, or in the usual places.
   */
  private static List<String> includePath(@Nullable Path nvrtc) {
    List<Path> folders = new ArrayList<>();
    Path libraries = nvrtc == null ? null : nvrtc.toAbsolutePath().getParent();
    if (libraries != null) {
      folders.add(libraries.resolve("../include"));
      folders.add(libraries.resolve("../../cuda_runtime/include"));
    }
    for (String variable : List.of("CUDA_PATH", "CUDA_HOME")) {
      String home = System.getenv(variable);
      if (home != null && !home.isBlank()) {
        folders.add(Path.of(home, "include"));
      }
    }
    folders.add(Path.of("/usr/local/cuda/include"));
    return folders.stream()
        .filter(folder -> Files.isRegularFile(folder.resolve("cuda_fp16.h")))
        .findFirst()
        .map(folder -> List.of("--include-path=" + folder.normalize()))
        .orElse(List.of());
  }

  private static String header(String name) {
    try (InputStream in = OpModules.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
