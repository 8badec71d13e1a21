package io.sscam.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sscam.kernels.ChildJvm;
import io.sscam.kernels.software.SoftwareDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host with CUDA 13's names only: JCuda's natives, made for 12, are re-pointed. */
class Cuda13Test {
  @TempDir private Path libraries;
  @TempDir private Path cache;

  @BeforeEach
  void onlyTheNewNames() throws IOException {
    assumeFalse(SoftwareDevice.realDevice(), "a GPU host has the libraries that it has");
    for (String name :
        List.of(
            "libcuda.so.1", "libcudnn.so.9", "cuda13/libcublas.so.13", "cuda13/libnvrtc.so.13")) {
      Path file = SoftwareDevice.folder().resolve(name);
      Files.copy(file, libraries.resolve(file.getFileName()));
    }
  }

  private ChildJvm.Outcome run() throws Exception {
    return ChildJvm.run(
        SmallNet.class,
        List.of("sscam.cuda.path=" + libraries, "user.home=" + cache),
        cache.resolve("cubins").toString());
  }

  @Test
  void aNetRunsOnThem() throws Exception {
    ChildJvm.Outcome outcome = run();
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output())
        .contains("cublas " + libraries.resolve("libcublas.so.13"))
        .contains("nvrtc " + libraries.resolve("libnvrtc.so.13"))
        .contains("logits 4 agree");
  }

  /** That the libraries of the test have CUDA 13's symbol versions: the old names do not fit. */
  @Test
  void underTheOldNamesTheyWouldNotLoad() throws Exception {
    Files.move(libraries.resolve("libcublas.so.13"), libraries.resolve("libcublas.so.12"));
    ChildJvm.Outcome outcome = run();
    assertThat(outcome.exitCode()).isNotZero();
    assertThat(outcome.output()).contains("JCublas2 does not load", "libcublas.so.12");
  }
}
