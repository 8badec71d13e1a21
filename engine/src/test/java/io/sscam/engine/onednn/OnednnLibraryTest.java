package io.sscam.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.backend.BackendUnavailableException;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OnednnLibraryTest {

  /** What a jar without oneDNN meets; the second call knows the reason too. */
  @Test
  void everyCallSaysWhyTheLibraryIsMissing() throws ReflectiveOperationException, IOException {
    URL[] withoutDnnl =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("dnnl"))
            .map(OnednnLibraryTest::url)
            .toArray(URL[]::new);
    try (URLClassLoader loader =
        new URLClassLoader(withoutDnnl, ClassLoader.getPlatformClassLoader())) {
      Method load = loader.loadClass(OnednnLibrary.class.getName()).getMethod("load");
      for (int call = 0; call < 2; call++) {
        assertThatThrownBy(() -> load.invoke(null))
            .cause()
            .satisfies(
                reason ->
                    assertThat(reason.getClass().getName())
                        .isEqualTo(BackendUnavailableException.class.getName()))
            .hasMessageContainingAll("org/bytedeco/dnnl", "-Djavacpp.platform=");
      }
    }
  }

  private static URL url(String entry) {
    try {
      return new File(entry).toURI().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
