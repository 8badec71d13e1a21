package io.sscam.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever the bytes are: a sound file, or a WeightsException of one line, and soon. */
class FuzzTest {
  private static final byte[] SAFETENSORS =
      Safetensors.file(
          "{\"__metadata__\":{\"k\":\"v\"},"
              + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
              + "\"b\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[8,12]}}",
          12);
  private static final byte[] PICKLE =
      Pickles.oneTensor("w", 1, new long[] {1, 2}, new long[] {2, 1}).stop();
  private static final byte[] ZIP = Checkpoints.zip(PICKLE, Checkpoints.floats(1, 2, 3, 4));
  private static final byte[] LEGACY =
      Checkpoints.legacy(
          Pickles.pickle()
              .emptyOrderedDict()
              .string("w")
              .tensor("FloatStorage", "9", 4, 0, new long[] {4}, new long[] {1}, true)
              .op('s')
              .stop(),
          Map.of("9", new float[4]));

  private static void open(byte[] bytes, Function<ByteBuffer, WeightFile> opener) {
    try (WeightFile file = opener.apply(ByteBuffer.wrap(bytes))) {
      for (String name : file.names()) {
        if (file.dtype(name).floating()) {
          assertThat((long) file.read(name).data().length).isEqualTo(file.shape(name).elements());
        }
      }
    } catch (WeightsException e) {
      assertThat(e.getMessage()).startsWith("f: ").doesNotContain("\n");
    }
  }

  private static byte[] mutated(byte[] sound, List<Integer> places, List<Byte> values, int cut) {
    byte[] bytes = Arrays.copyOf(sound, sound.length - cut % sound.length);
    for (int i = 0; i < places.size(); i++) {
      bytes[places.get(i) % bytes.length] = values.get(i);
    }
    return bytes;
  }

  private static WeightFile safetensors(ByteBuffer bytes) {
    return SafetensorsFile.of(bytes, "f");
  }

  private static WeightFile checkpoint(ByteBuffer bytes) {
    return TorchCheckpoint.of(bytes, "f");
  }

  @Property(tries = 2000)
  void randomBytes(@ForAll byte[] bytes) {
    open(bytes, FuzzTest::safetensors);
    open(bytes, FuzzTest::checkpoint);
  }

  @Property(tries = 2000)
  void randomHeader(@ForAll @Size(max = 200) byte[] bytes) {
    byte[] header = new byte[bytes.length + 1];
    header[0] = '{';
    System.arraycopy(bytes, 0, header, 1, bytes.length);
    open(Safetensors.file(header.length, header, new byte[0]), FuzzTest::safetensors);
  }

  @Property(tries = 3000)
  void mutatedSafetensors(
      @ForAll @Size(3) List<@IntRange(max = 1 << 20) Integer> places,
      @ForAll @Size(3) List<Byte> values,
      @ForAll @IntRange(max = 3) int cut) {
    open(mutated(SAFETENSORS, places, values, cut), FuzzTest::safetensors);
  }

  @Property(tries = 3000)
  void mutatedZip(
      @ForAll @Size(3) List<@IntRange(max = 1 << 20) Integer> places,
      @ForAll @Size(3) List<Byte> values,
      @ForAll @IntRange(max = 3) int cut) {
    open(mutated(ZIP, places, values, cut), FuzzTest::checkpoint);
  }

  @Property(tries = 5000)
  void mutatedPickle(
      @ForAll @Size(3) List<@IntRange(max = 1 << 20) Integer> places,
      @ForAll @Size(3) List<Byte> values,
      @ForAll @IntRange(max = 3) int cut) {
    // The checksum is right again, so that it does not keep the damage from the unpickler.
    byte[] pickle = mutated(PICKLE, places, values, cut);
    open(Checkpoints.zip(pickle, Checkpoints.floats(1, 2, 3, 4)), FuzzTest::checkpoint);
  }

  @Property(tries = 3000)
  void mutatedLegacy(
      @ForAll @Size(3) List<@IntRange(max = 1 << 20) Integer> places,
      @ForAll @Size(3) List<Byte> values,
      @ForAll @IntRange(max = 3) int cut) {
    open(mutated(LEGACY, places, values, cut), FuzzTest::checkpoint);
  }

  @Property(tries = 3000)
  void randomOpcodes(@ForAll @Size(max = 60) byte[] opcodes) {
    byte[] pickle = Pickles.pickle().append(opcodes).stop();
    open(Checkpoints.zip(pickle, new byte[16]), FuzzTest::checkpoint);
  }
}
