package io.sscam.weights;

import static io.sscam.weights.Pickles.oneTensor;
import static io.sscam.weights.Pickles.pickle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UnpicklerTest {

  private static Object load(byte[] pickle) {
    return Unpickler.load(new PickleInput("test.pth", ByteBuffer.wrap(pickle)));
  }

  private static void refuses(byte[] pickle, String problem) {
    assertThatThrownBy(() -> load(pickle))
        .isInstanceOf(WeightsException.class)
        .hasMessageStartingWith("test.pth: ")
        .hasMessageContaining(problem)
        .satisfies(e -> assertThat(String.valueOf(e.getMessage())).doesNotContain("\n"));
  }

  @Test
  void theClassicAttackIsRefusedAndDoesNothing(@TempDir Path folder) {
    Path witness = folder.resolve("witness");
    byte[] attack =
        pickle().global("os", "system").string("touch " + witness).op(0x85).op('R').stop();
    refuses(attack, "global os.system is not allowed in a weight file and was not run");
    assertThat(Files.exists(witness)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("globals")
  void everyOtherGlobalIsRefusedByName(String module, String name) {
    refuses(
        pickle().global(module, name).op(')').op('R').stop(),
        "global " + module + "." + name + " is not allowed");
    refuses(
        pickle().string(module).string(name).op(0x93).stop(),
        "global " + module + "." + name + " is not allowed");
  }

  static Stream<Arguments> globals() {
    return Stream.of(
        Arguments.of("posix", "system"),
        Arguments.of("builtins", "eval"),
        Arguments.of("__builtin__", "exec"),
        Arguments.of("subprocess", "Popen"),
        Arguments.of("java.lang", "Runtime"),
        Arguments.of("torch", "load"),
        Arguments.of("torch.serialization", "load"),
        Arguments.of("torch._utils", "_rebuild_tensor_v3"),
        Arguments.of("torch.jit._pickle", "build_intlist"),
        Arguments.of("torchvision.models.resnet", "ResNet"),
        Arguments.of("collections", "defaultdict"),
        Arguments.of("collections.OrderedDict", "__reduce__"),
        Arguments.of("", ""));
  }

  @Test
  void theNameOfAGlobalCannotBreakTheLine() {
    refuses(pickle().string("a\u001b[2J\n").string("b").op(0x93).stop(), "\\u001b[2J\\u000a.b");
    refuses(pickle().op('c').text("x".repeat(300)).stop(), "over 256 letters");
  }

  @ParameterizedTest
  @MethodSource("opcodes")
  void everyOtherOpcodeIsRefusedByName(int opcode, String name) {
    refuses(
        pickle().op('N').op(opcode).stop(), "the opcode " + name + ", which no state dict needs");
  }

  static Stream<Arguments> opcodes() {
    return Stream.of(
        Arguments.of((int) 'i', "INST"),
        Arguments.of((int) 'o', "OBJ"),
        Arguments.of((int) '2', "DUP"),
        Arguments.of((int) '0', "POP"),
        Arguments.of((int) 'P', "PERSID"),
        Arguments.of((int) 'I', "INT"),
        Arguments.of(0x82, "EXT1"),
        Arguments.of(0x92, "NEWOBJ_EX"),
        Arguments.of(0x97, "NEXT_BUFFER"),
        Arguments.of(0xFF, "0xff"),
        Arguments.of(0, "0x00"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void malformedPicklesAreRefused(byte[] pickle, String problem) {
    refuses(pickle, problem);
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of(new byte[0], "truncated"),
        Arguments.of(pickle().bytes(), "truncated"),
        Arguments.of(pickle().stop(), "more values than there are"),
        Arguments.of(pickle().op('N').op('N').stop(), "leftovers"),
        Arguments.of(pickle().op('(').op('N').stop(), "leftovers"),
        Arguments.of(new Pickles().op(0x80, 9).op('N').stop(), "protocol 9"),
        Arguments.of(pickle().op(0x86).stop(), "more values"),
        Arguments.of(pickle().op('N').op('(').op(0x85).stop(), "more values"),
        Arguments.of(pickle().op('t').stop(), "never began"),
        Arguments.of(pickle().op('h', 7).stop(), "memo entry 7"),
        Arguments.of(pickle().op('j').int32(-1).stop(), "memo entry 4294967295"),
        Arguments.of(pickle().op('q', 0).stop(), "more values"),
        Arguments.of(pickle().op('N').op('N').op('a').stop(), "added to None"),
        Arguments.of(pickle().op('N').op('N').op('N').op('s').stop(), "set in None"),
        Arguments.of(pickle().op('}').op('(').op('N').op('u').stop(), "without a value"),
        Arguments.of(
            pickle().op('}').op(']').op('N').op('s').stop(), "a dict with a list as a key"),
        Arguments.of(
            pickle().op('}').string("a").op('N').op('s').string("a").op('N').op('s').stop(),
            "key \"a\" twice"),
        Arguments.of(pickle().op('N').op('N').op('R').stop(), "a call of None"),
        Arguments.of(pickle().op('N').op('N').op('b').stop(), "state of unknown form"),
        Arguments.of(pickle().op('N').op('Q').stop(), "not to a storage"),
        Arguments.of(pickle().string("os").op('N').op(0x93).stop(), "no string"),
        Arguments.of(pickle().op('X').int32(-1).stop(), "a string of 4294967295 bytes"),
        Arguments.of(pickle().op('X').int32(100).stop(), "truncated"),
        Arguments.of(pickle().op(0x8d).append(Checkpoints.int64(-1)).stop(), "a string of 184467"),
        Arguments.of(pickle().op('X').int32(1).op(0xFF).stop(), "not UTF-8"),
        Arguments.of(pickle().op(0x8b).int32(1 << 30).stop(), "whole number of 1073741824 bytes"),
        Arguments.of(pickle().op(0x8b).int32(-1).stop(), "whole number of 4294967295 bytes"),
        Arguments.of(pickle().op(0x8a, 255).stop(), "whole number of 255 bytes"),
        Arguments.of(
            pickle().global("torch", "FloatStorage").op(')').op('R').stop(),
            "without its elements"),
        Arguments.of(
            pickle().global("torch._utils", "_rebuild_tensor_v2").op(')').op('R').stop(),
            "tensor of unknown form"),
        Arguments.of(pickle().op('(').string("module").op('t').op('Q').stop(), "not to a storage"),
        Arguments.of(pickle().storage("FloatStorage", "0", -1, false).stop(), "negative storage"),
        Arguments.of(
            pickle()
                .op('(')
                .storage("FloatStorage", "0", 1, false)
                .storage("HalfStorage", "0", 1, false)
                .op('t')
                .stop(),
            "two types or sizes"));
  }

  @Test
  void bombsEndAtTheirLimits() {
    refuses(repeat(200_000, "("), "1000 levels of nesting");
    refuses(repeat(200_000, "]"), "100000 values on its stack");
    refuses(repeat(2_000_000, "K\u0001]q\u0000"), "values on its stack");
    // Lists that are thrown into a list, for ever.
    refuses(pickle().op(']').append(repeat(600_000, "]a")).bytes(), "more than 1000000 steps");
    Pickles memo = pickle().op('N');
    for (int i = 0; i < 500_001; i++) {
      memo.op('r').int32(i);
    }
    refuses(memo.stop(), "500000 memo entries");
    // One long list, copied again and again.
    Pickles copies = pickle().op(']').op('q', 0).op('(').append(repeat(90_000, "N")).op('e');
    for (int i = 0; i < 1000; i++) {
      copies.global("torch", "Size").op('h', 0).op(0x85).op('R').op(0x85);
    }
    refuses(copies.stop(), "1000000 items passed to calls");
  }

  private static byte[] repeat(int times, String opcodes) {
    return opcodes.repeat(times).getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void aTupleDoubledManyTimesCostsNothing() {
    // 2^10,000 paths, if anyone followed them.
    Pickles bomb = pickle().op('N').op('q', 0);
    for (int i = 0; i < 10_000; i++) {
      bomb.op('h', 0).op(0x86).op('q', 0);
    }
    assertThat(load(bomb.stop())).isInstanceOf(PickleValue.Tuple.class);
    assertThatThrownBy(() -> Checkpoints.open(Checkpoints.zip(bomb.bytes(), new byte[0])))
        .hasMessageContaining("holds a list, not a state dict");
  }

  @Test
  void aListThatHoldsItselfDoesNoHarm() {
    assertThat(load(pickle().op(']').op('q', 0).op('h', 0).op('a').stop()))
        .isInstanceOf(PickleValue.PyList.class);
  }

  @Test
  void theNewerOpcodesMeanTheSame() {
    byte[] pickle =
        new Pickles()
            .op(0x80, 4)
            .op(0x95)
            .append(Checkpoints.int64(30))
            .op('}')
            .op(0x94)
            .op(0x8c, 1)
            .text("a")
            .op(0x94)
            .op('G')
            .append(new byte[] {0x3f, (byte) 0xf8, 0, 0, 0, 0, 0, 0})
            .op('s')
            .op(0x8c, 1)
            .text("b")
            .op('h', 1)
            .op('s')
            .stop();
    assertThat(((PickleValue.Dict) load(pickle)).items)
        .containsEntry("a", 1.5)
        .containsEntry("b", "a");
  }

  @Test
  void aTensorComesOutOfItsPickle() {
    Object root = load(oneTensor("w", 0, new long[] {4}, new long[] {1}).stop());
    assertThat(((PickleValue.Dict) root).items).containsOnlyKeys("w");
  }
}
