package io.sscam.kernels.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where CUDA's libraries are looked for, and in which order. */
class LibrarySearchTest {
  private static final List<String> NAMES = List.of("libx.so.12", "libx.so.13");

  @TempDir Path root;

  /** A folder with files of the given names. */
  private Path folder(String path, String... files) throws IOException {
    Path folder = Files.createDirectories(root.resolve(path));
    for (String file : files) {
      Files.writeString(folder.resolve(file), "");
    }
    return folder;
  }

  @Test
  void thePropertyComesBeforeTheVariableBeforeTheLoadersFoldersBeforeTheSystems() {
    LibrarySearch search =
        LibrarySearch.of(
            "/p1:/p2", Map.of("SSCAM_CUDA_PATH", "/v1:/v2", "LD_LIBRARY_PATH", "/l1:/l2"));
    assertThat(search.folders())
        .startsWith(
            Path.of("/p1"),
            Path.of("/p2"),
            Path.of("/v1"),
            Path.of("/v2"),
            Path.of("/l1"),
            Path.of("/l2"),
            Path.of("/usr/lib/x86_64-linux-gnu"))
        .contains(Path.of("/usr/local/cuda/lib64"), Path.of("/usr/lib/wsl/lib"));
  }

  @Test
  void aFolderThatIsNamedTwiceIsSearchedOnceWhereItIsNamedFirst() {
    LibrarySearch search =
        LibrarySearch.of("/a:/b", Map.of("SSCAM_CUDA_PATH", "/b:/a", "LD_LIBRARY_PATH", "/c:/a"));
    assertThat(search.folders()).startsWith(Path.of("/a"), Path.of("/b"), Path.of("/c"));
    assertThat(search.folders()).doesNotHaveDuplicates();
  }

  @Test
  void emptyPartsOfAListAreNoFolders() {
    LibrarySearch search = LibrarySearch.of(":: /a :", Map.of("LD_LIBRARY_PATH", ":"));
    assertThat(search.folders())
        .startsWith(Path.of("/a"), Path.of("/usr/lib/x86_64-linux-gnu"))
        .doesNotContain(Path.of("").toAbsolutePath());
  }

  @Test
  void pythonsPackagesAreLookedThroughLast() throws IOException {
    Path cublas = folder("venv/lib/python3.11/site-packages/nvidia/cublas/lib", "libx.so.12");
    Path cudnn = folder("venv/lib/python3.9/dist-packages/nvidia/cudnn/lib", "liby.so.9");
    LibrarySearch search =
        LibrarySearch.of("", Map.of("VIRTUAL_ENV", root.resolve("venv").toString()));
    assertThat(search.folders())
        .containsSubsequence(
            Path.of("/usr/local/cuda/lib64"), cublas, cudnn, root.resolve("venv/lib"));
    assertThat(search.find(NAMES)).contains(cublas.resolve("libx.so.12"));
    assertThat(search.find(List.of("liby.so.9"))).contains(cudnn.resolve("liby.so.9"));
  }

  @Test
  void whatPipInstalledForOneUserIsFound() throws IOException {
    Path lib = folder("home/.local/lib/python3.12/site-packages/nvidia/cudnn/lib", "libx.so.12");
    LibrarySearch search = LibrarySearch.of("", Map.of("HOME", root.resolve("home").toString()));
    assertThat(search.find(NAMES)).contains(lib.resolve("libx.so.12"));
  }

  @Test
  void condasFolderIsLookedThroughToo() throws IOException {
    Path lib = folder("conda/lib", "libx.so.13");
    LibrarySearch search =
        LibrarySearch.of("", Map.of("CONDA_PREFIX", root.resolve("conda").toString()));
    assertThat(search.find(NAMES)).contains(lib.resolve("libx.so.13"));
  }

  @Test
  void theFirstFolderWinsButThePreferredNameComesBeforeTheFolder() throws IOException {
    Path first = folder("first", "libx.so.13");
    Path second = folder("second", "libx.so.12");
    Path third = folder("third", "libx.so.12", "libx.so.13");
    assertThat(new LibrarySearch(List.of(first, second, third)).find(NAMES))
        .contains(second.resolve("libx.so.12"));
    assertThat(new LibrarySearch(List.of(third, second)).find(NAMES))
        .contains(third.resolve("libx.so.12"));
    assertThat(new LibrarySearch(List.of(first)).find(NAMES)).contains(first.resolve("libx.so.13"));
  }

  @Test
  void foldersThatAreMissingOrAreFilesOrCannotBeReadHoldNothing() throws IOException {
    Path locked = folder("locked");
    Path secret = folder("venv/lib/python3.12/site-packages/nvidia");
    Path file = Files.writeString(root.resolve("file"), "");
    Path good = folder("good", "libx.so.12");
    Files.setPosixFilePermissions(locked, Set.of());
    Files.setPosixFilePermissions(secret, Set.of());
    try {
      LibrarySearch search =
          LibrarySearch.of(
              "%s:%s:%s:%s".formatted(root.resolve("absent"), file, locked, good),
              Map.of(
                  "VIRTUAL_ENV", root.resolve("venv").toString(), "CONDA_PREFIX", file.toString()));
      assertThat(search.find(NAMES)).contains(good.resolve("libx.so.12"));
      assertThat(search.find(List.of("libnowhere.so.77"))).isEmpty();
    } finally {
      Files.setPosixFilePermissions(locked, Set.copyOf(Files.getPosixFilePermissions(good)));
      Files.setPosixFilePermissions(secret, Set.copyOf(Files.getPosixFilePermissions(good)));
    }
  }

  @Test
  void aFolderOfTheLibrarysNameIsNotTheLibraryAndALinkToItIs() throws IOException {
    Path trap = folder("trap");
    Files.createDirectory(trap.resolve("libx.so.12"));
    Path real = folder("real", "libx.so.12.6.4");
    Files.createSymbolicLink(real.resolve("libx.so.12"), Path.of("libx.so.12.6.4"));
    Path dangling = folder("dangling");
    Files.createSymbolicLink(dangling.resolve("libx.so.12"), Path.of("gone"));
    assertThat(new LibrarySearch(List.of(trap, dangling, real)).find(NAMES))
        .contains(real.resolve("libx.so.12"));
  }
}
