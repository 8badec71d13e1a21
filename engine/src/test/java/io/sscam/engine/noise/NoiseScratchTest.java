package io.sscam.engine.noise;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What C2 has made of the loops must stay when other code loads other classes of buffers. */
class NoiseScratchTest {
  private static final String COMPILED = "all is compiled";
  private static final String LOADED = "other buffers are loaded";

  /** Lines of the compilation log; C2 is tier 4. */
  private static final String COSINES_BY_C2 = ".* 4 +io\\.sscam\\S+::cosines .*";

  private static final String DISCARDED = ".* 4 +io\\.sscam\\.engine\\.noise\\..*not entrant.*";

  @Test
  void loopsStayCompiledWhenOtherBuffersAreLoaded() throws IOException {
    // The compiler's lines may begin or end in the middle of the program's.
    String log = log();
    int compiled = log.indexOf(COMPILED);
    assertThat(compiled).isNotNegative();
    assertThat(log.substring(0, compiled).lines()).anyMatch(line -> line.matches(COSINES_BY_C2));
    assertThat(log.substring(compiled)).contains(LOADED);
    assertThat(log.substring(compiled).lines()).noneMatch(line -> line.matches(DISCARDED));
  }

  private static String log() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xbatch", // C2's code is there before the loops go on
                "-XX:+PrintCompilation",
                "-cp",
                System.getProperty("java.class.path"),
                OtherBuffers.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (InputStream out = process.getInputStream()) {
      return new String(out.readAllBytes(), UTF_8);
    } finally {
      process.destroy();
    }
  }

  /** Makes noise until all is compiled, loads other buffers, and makes noise again. */
  static final class OtherBuffers {
    private OtherBuffers() {}

    /** The program. */
    public static void main(String[] args) {
      GaussianNoise noise = new GaussianNoise();
      make(noise, 3_000);
      System.out.println(COMPILED);
      for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
        load(ByteBuffer.allocateDirect(Long.BYTES).order(order));
        load(ByteBuffer.allocate(Long.BYTES).order(order));
      }
      System.out.println(LOADED);
      make(noise, 300);
    }

    private static void load(ByteBuffer bytes) {
      bytes.asIntBuffer().asReadOnlyBuffer();
      bytes.asLongBuffer().asReadOnlyBuffer();
      bytes.asDoubleBuffer().asReadOnlyBuffer();
      bytes.asFloatBuffer().asReadOnlyBuffer();
    }

    private static void make(GaussianNoise noise, int times) {
      float[] base = new float[GaussianNoise.CHUNK];
      FloatBuffer sums = ByteBuffer.allocateDirect(8 * Float.BYTES * base.length).asFloatBuffer();
      for (int i = 0; i < times; i++) {
        noise.addScaled(base, base.length, 1, new Samples(1, 0, 0, 8), 0, sums, base.length);
      }
    }
  }
}
