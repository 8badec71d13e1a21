package io.sscam.weights;

import static io.sscam.weights.Pickles.oneTensor;
import static io.sscam.weights.Pickles.pickle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.Shape;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TorchCheckpointTest {
  private static final long[] FOUR = {4};
  private static final long[] ONE = {1};
  private static final byte[] STORAGE = Checkpoints.floats(1, 2, 3, 4);

  private static TorchCheckpoint tensor(long offset, long[] size, long[] stride) {
    return Checkpoints.open(Checkpoints.zip(oneTensor("w", offset, size, stride).stop(), STORAGE));
  }

  private static void refuses(byte[] bytes, String problem) {
    assertThatThrownBy(() -> Checkpoints.open(bytes))
        .isInstanceOf(WeightsException.class)
        .hasMessageStartingWith("test.pth: ")
        .hasMessageContaining(problem);
  }

  @Test
  void stridesAndOffsetsAreFollowed() {
    assertThat(tensor(0, FOUR, ONE).read("w").data()).containsExactly(1, 2, 3, 4);
    assertThat(tensor(1, new long[] {2}, new long[] {2}).read("w").data()).containsExactly(2, 4);
    assertThat(tensor(0, new long[] {2, 2}, new long[] {1, 2}).read("w").data())
        .containsExactly(1, 3, 2, 4);
    assertThat(tensor(3, new long[] {2, 2}, new long[] {0, 0}).read("w").data())
        .containsExactly(4, 4, 4, 4);
    assertThat(tensor(2, new long[] {}, new long[] {}).read("w").data()).containsExactly(3);
    assertThat(tensor(4, new long[] {0}, ONE).read("w").data()).isEmpty();
    assertThat(tensor(0, new long[] {1, 4}, new long[] {99, 1}).read("w").shape())
        .isEqualTo(Shape.of(1, 4));
  }

  @ParameterizedTest
  @MethodSource("outside")
  void aTensorOutsideItsStorageIsRefused(long offset, long[] size, long[] stride, String problem) {
    assertThatThrownBy(() -> tensor(offset, size, stride))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining(problem);
  }

  static Stream<Arguments> outside() {
    long max = Long.MAX_VALUE;
    return Stream.of(
        Arguments.of(1L, FOUR, ONE, "outside its storage of 4 elements"),
        Arguments.of(0L, new long[] {5}, ONE, "outside"),
        Arguments.of(0L, new long[] {2}, new long[] {4}, "outside"),
        Arguments.of(0L, new long[] {3, 2}, new long[] {2, 1}, "outside"),
        Arguments.of(5L, new long[] {0}, ONE, "outside"),
        Arguments.of(max, ONE, ONE, "outside"),
        Arguments.of(1L, new long[] {2}, new long[] {max}, "outside"),
        Arguments.of(0L, new long[] {2}, new long[] {max}, "outside"),
        Arguments.of(0L, new long[] {3, 3}, new long[] {max, max}, "outside"),
        Arguments.of(-1L, FOUR, ONE, "negative tensor offset"),
        Arguments.of(0L, new long[] {-4}, ONE, "negative extent"),
        Arguments.of(0L, FOUR, new long[] {-1}, "negative stride"),
        Arguments.of(0L, FOUR, new long[] {1, 1}, "1 extents and 2 strides"),
        Arguments.of(0L, new long[] {1L << 31}, new long[] {0}, "too large"),
        Arguments.of(0L, new long[17], new long[17], "17 axes"),
        Arguments.of(0L, new long[] {1 << 30}, new long[] {0}, "larger"),
        Arguments.of(
            0L,
            new long[] {1 << 30, 1 << 30, 1 << 30},
            new long[] {0, 0, 0},
            "more elements than can be counted"));
  }

  @Test
  void tensorsShareOneStorage() {
    byte[] pickle =
        pickle()
            .emptyOrderedDict()
            .string("a")
            .tensor("FloatStorage", "0", 4, 0, new long[] {2}, ONE)
            .op('s')
            .string("b")
            .tensor("FloatStorage", "0", 4, 1, new long[] {3}, ONE)
            .op('s')
            .stop();
    TorchCheckpoint file = Checkpoints.open(Checkpoints.zip(pickle, STORAGE));
    assertThat(file.read("a").data()).containsExactly(1, 2);
    assertThat(file.read("b").data()).containsExactly(2, 3, 4);
  }

  @Test
  void aWrappedStateDictIsFound() {
    for (String wrapper : new String[] {"state_dict", "model", "model_state_dict"}) {
      byte[] pickle =
          pickle()
              .op('}')
              .string("epoch")
              .op('K', 3)
              .op('s')
              .string(wrapper)
              .emptyOrderedDict()
              .string("module.w")
              .tensor("FloatStorage", "0", 4, 0, FOUR, ONE)
              .op('s')
              .op('s')
              .stop();
      assertThat(Checkpoints.open(Checkpoints.zip(pickle, STORAGE)).names()).containsExactly("w");
    }
  }

  @Test
  void whatIsNoStateDictIsRefused() {
    refuses(Checkpoints.zip(pickle().op('N').stop(), STORAGE), "holds None, not a state dict");
    refuses(Checkpoints.zip(pickle().op('}').stop(), STORAGE), "holds no tensor");
    refuses(
        Checkpoints.zip(pickle().op('}').string("a").op('K', 1).op('s').stop(), STORAGE),
        "entry \"a\" holds a whole number");
    refuses(
        Checkpoints.zip(
            pickle()
                .op('}')
                .string("w")
                .global("torch.nn.parameter", "Parameter")
                .op(')')
                .op(0x81)
                .op('s')
                .stop(),
            STORAGE),
        "entry \"w\" holds a tensor where a named tensor belongs");
  }

  @Test
  void attributesOfTheStateDictAreIgnored() {
    byte[] pickle =
        oneTensor("w", 0, FOUR, ONE)
            .op('}')
            .string("_metadata")
            .emptyOrderedDict()
            .string("")
            .op('}')
            .string("version")
            .op('K', 1)
            .op('s')
            .op('s')
            .op('s')
            .op('b')
            .stop();
    assertThat(Checkpoints.open(Checkpoints.zip(pickle, STORAGE)).names()).containsExactly("w");
  }

  @Test
  void theFormsOfPyTorchZeroPointOneAreUnderstood() {
    // Python 2: OrderedDict([[name, value]]), byte strings, Parameter(tensor) with three states,
    // _rebuild_tensor with four arguments.
    byte[] pickle =
        pickle()
            .global("collections", "OrderedDict")
            .op(']')
            .op(']')
            .op('U', 1)
            .text("w")
            .op('a')
            .global("torch.nn.parameter", "Parameter")
            .global("torch._utils", "_rebuild_tensor")
            .op('(')
            .storage("FloatStorage", "5", 4, true)
            .op('K', 0)
            .op('K', 2)
            .op('K', 2)
            .op(0x86)
            .op('K', 1)
            .op('K', 2)
            .op(0x86)
            .op('t')
            .op('R')
            .op(0x85)
            .op('R')
            .op(0x88)
            .op(0x89)
            .emptyOrderedDict()
            .op(0x87)
            .op('b')
            .op('a')
            .op('a')
            .op(0x85)
            .op('R')
            .stop();
    TorchCheckpoint file =
        Checkpoints.open(Checkpoints.legacy(pickle, Map.of("5", new float[] {1, 2, 3, 4})));
    assertThat(file.read("w").data()).containsExactly(1, 3, 2, 4);
    assertThat(file.format()).isEqualTo(WeightFile.Format.TORCH_LEGACY);
  }

  @Test
  void tensorsBuiltFromTheirStateAreUnderstood() {
    // torch.FloatTensor() with (storage, offset, size, stride), inside an empty Parameter() with
    // five states.
    byte[] pickle =
        pickle()
            .op('}')
            .string("w")
            .global("torch.nn.parameter", "Parameter")
            .op(')')
            .op(0x81)
            .op('(')
            .global("torch", "FloatTensor")
            .op(')')
            .op('R')
            .op('(')
            .storage("FloatStorage", "5", 3, true)
            .op('K', 1)
            .tuple(2)
            .tuple(1)
            .op('t')
            .op('b')
            .op('N')
            .op('N')
            .op(0x88)
            .op(0x89)
            .op('t')
            .op('b')
            .op('s')
            .stop();
    TorchCheckpoint file =
        Checkpoints.open(Checkpoints.legacy(pickle, Map.of("5", new float[] {1, 2, 3})));
    assertThat(file.read("w").data()).containsExactly(2, 3);
  }

  @Test
  void aLegacyViewLiesInsideItsStorage() {
    assertThat(legacyView(1, 3, 1).read("w").data()).containsExactly(3, 4);
    assertThatThrownBy(() -> legacyView(1, 2, 1)).hasMessageContaining("outside its storage of 2");
    assertThatThrownBy(() -> legacyView(1, 4, 1)).hasMessageContaining("view beyond its storage");
    assertThatThrownBy(() -> legacyView(5, 0, 0)).hasMessageContaining("view beyond its storage");
  }

  /** Two elements at an offset in a view of a storage of four. */
  private static TorchCheckpoint legacyView(long viewOffset, long viewSize, long offset) {
    byte[] pickle =
        pickle()
            .op('}')
            .string("w")
            .global("torch._utils", "_rebuild_tensor")
            .op('(')
            .op('(')
            .string("storage")
            .global("torch", "FloatStorage")
            .string("5")
            .string("cpu")
            .number(4)
            .op('(')
            .string("6")
            .number(viewOffset)
            .number(viewSize)
            .op('t')
            .op('t')
            .op('Q')
            .number(offset)
            .tuple(2)
            .tuple(1)
            .op('t')
            .op('R')
            .op('s')
            .stop();
    return Checkpoints.open(Checkpoints.legacy(pickle, Map.of("5", new float[] {1, 2, 3, 4})));
  }

  @Test
  void aDamagedLegacyFileIsRefused() {
    byte[] object =
        pickle()
            .emptyOrderedDict()
            .string("w")
            .tensor("FloatStorage", "9", 4, 0, FOUR, ONE, true)
            .op('s')
            .stop();
    float[] four = new float[4];
    byte[] sound = Checkpoints.legacy(object, Map.of("9", four));
    assertThat(Checkpoints.open(sound).names()).containsExactly("w");
    for (int length = 0; length < sound.length; length++) {
      refuses(Arrays.copyOf(sound, length), ": ");
    }
    refuses(Arrays.copyOf(sound, sound.length + 1), "1 byte behind the last storage");
    refuses(Checkpoints.legacy(object, Map.of()), "storage \"9\" is missing");
    refuses(Checkpoints.legacy(object, Map.of("9", new float[3])), "has 3 elements, not 4");
    Map<String, float[]> more = new LinkedHashMap<>();
    more.put("9", four);
    more.put("x", four);
    refuses(Checkpoints.legacy(object, more), "storage \"x\" belongs to no tensor");
    byte[] other = sound.clone();
    other[4]++;
    refuses(other, "is a pickle, but not a checkpoint");
    refuses(pickle().op('}').stop(), "is a pickle, but not a checkpoint");
  }

  @Test
  void aZipThatIsNoStateDictIsRefused() {
    byte[] pickle = oneTensor("w", 0, FOUR, ONE).stop();
    Map<String, byte[]> entries = new HashMap<>();
    refuses(Checkpoints.zip(Map.of("a", pickle)), "without one data.pkl");
    entries.put("m/data.pkl", pickle);
    refuses(Checkpoints.zip(entries), "storage \"0\" is missing");
    entries.put("m/data/0", new byte[15]);
    refuses(Checkpoints.zip(entries), "storage \"0\" has 15 bytes where 4 F32 elements belong");
    entries.put("m/data/0", STORAGE);
    entries.put("n/data.pkl", pickle);
    refuses(Checkpoints.zip(entries), "without one data.pkl");
    entries.remove("n/data.pkl");
    entries.put("m/byteorder", "big".getBytes(StandardCharsets.US_ASCII));
    refuses(Checkpoints.zip(entries), "byte order \"big\"");
    entries.remove("m/byteorder");
    entries.put("m/constants.pkl", pickle);
    refuses(Checkpoints.zip(entries), "TorchScript");
  }

  @Test
  void namesStayWhenOnlySomeFeaturesAreWrapped() {
    byte[] pickle =
        oneTensor("features.module.0.w", 0, FOUR, ONE)
            .string("features.0.w")
            .tensor("FloatStorage", "0", 4, 0, FOUR, ONE)
            .op('s')
            .stop();
    assertThat(Checkpoints.open(Checkpoints.zip(pickle, STORAGE)).names())
        .containsExactly("features.module.0.w", "features.0.w");
  }
}
