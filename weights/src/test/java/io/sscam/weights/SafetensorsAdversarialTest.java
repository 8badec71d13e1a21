package io.sscam.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsAdversarialTest {
  private static final String A = "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";

  private static String entry(String name, String dtype, String shape, String offsets) {
    return "\"%s\":{\"dtype\":%s,\"shape\":%s,\"data_offsets\":%s}"
        .formatted(name, dtype, shape, offsets);
  }

  private static Arguments one(String dtype, String shape, String offsets, String problem) {
    return Arguments.of("{" + entry("a", "\"" + dtype + "\"", shape, offsets) + "}", 4, problem);
  }

  static Stream<Arguments> headers() {
    return Stream.of(
        // What the tensors claim.
        one("F32", "[1]", "[0,8]", "do not fit"),
        one("F32", "[1]", "[0,3]", "do not fit"),
        one("F32", "[1]", "[4,0]", "do not fit"),
        one("F32", "[2]", "[0,4]", "do not fit"),
        one("F16", "[1]", "[0,4]", "do not fit"),
        one("F64", "[2305843009213693952]", "[0,0]", "too large"),
        one("F64", "[1073741824,1073741824,2]", "[0,0]", "do not fit"),
        one("F64", "[2147483647,2147483647,2147483647]", "[0,4]", "more elements"),
        one("F32", "[-1]", "[0,4]", "negative"),
        one("F32", "[1]", "[-4,0]", "negative"),
        one("F32", "[1]", "[0,99999999999999999999]", "not sound JSON"),
        one("F32", "[1]", "[0," + "9".repeat(5000) + "]", "not sound JSON"),
        one("F32", "[1.0]", "[0,4]", "a fraction where a whole number"),
        one("F32", "[1]", "[0,4.0]", "a fraction where a whole number"),
        one("F32", "[\"1\"]", "[0,4]", "a string where a whole number"),
        one("F32", "[null]", "[0,4]", "null where a whole number"),
        one("F32", "[[1]]", "[0,4]", "a list where a whole number"),
        one("F32", "1", "[0,4]", "a whole number where a list"),
        one("F32", "[1]", "{}", "an object where a list"),
        one("F32", "[1]", "[0]", "1 data_offsets"),
        one("F32", "[1]", "[]", "0 data_offsets"),
        one("F32", "[1]", "[0,2,4]", "3 data_offsets"),
        one("F32", "[" + "1,".repeat(16) + "1]", "[0,4]", "more than 16"),
        one("F32", "[01]", "[0,4]", "not sound JSON"),
        one("F32", "[1,]", "[0,4]", "not sound JSON"),
        one("F8_E4M3", "[4]", "[0,4]", "unknown dtype \"F8_E4M3\""),
        one("f32", "[1]", "[0,4]", "unknown dtype \"f32\""),
        one("", "[1]", "[0,4]", "unknown dtype"),
        Arguments.of("{" + entry("a", "32", "[1]", "[0,4]") + "}", 4, "where a string"),
        Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "lacks"),
        Arguments.of("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, "lacks"),
        Arguments.of("{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "lacks"),
        Arguments.of("{\"a\":{}}", 0, "lacks"),
        Arguments.of("{\"a\":[]}", 0, "a list where an object"),
        Arguments.of("{\"a\":null}", 0, "null where an object"),
        Arguments.of("{\"a\":{\"x\":1}}", 0, "unknown field \"x\""),
        // How they lie.
        Arguments.of("{" + A + "}", 3, "truncated"),
        Arguments.of("{" + A + "}", 0, "truncated"),
        Arguments.of("{" + A + "}", 5, "1 byte behind the last tensor"),
        Arguments.of("{}", 4, "4 bytes behind the last tensor"),
        one("F32", "[1]", "[4,8]", "hole of 4 bytes"),
        Arguments.of("{" + A + "," + entry("b", "\"F32\"", "[1]", "[0,4]") + "}", 4, "overlaps"),
        Arguments.of("{" + A + "," + entry("b", "\"F32\"", "[1]", "[2,6]") + "}", 6, "overlaps"),
        Arguments.of("{" + A + "," + entry("b", "\"F32\"", "[1]", "[5,9]") + "}", 9, "hole"),
        Arguments.of("{" + A + "," + entry("b", "\"F32\"", "[0]", "[2,2]") + "}", 4, "overlaps"),
        Arguments.of("{" + A + "," + entry("b", "\"F32\"", "[0]", "[9,9]") + "}", 4, "hole"),
        one("U8", "[0]", "[9223372036854775807,9223372036854775807]", "hole"),
        // What is there twice.
        Arguments.of("{" + A + "," + A + "}", 4, "Duplicate"),
        Arguments.of("{" + A + ",\"\\u0061\":{}}", 4, "Duplicate"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
            4,
            "Duplicate"),
        Arguments.of("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0, "Duplicate"),
        Arguments.of("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "Duplicate"),
        // Metadata.
        Arguments.of("{\"__metadata__\":{\"a\":1}}", 0, "where a string"),
        Arguments.of("{\"__metadata__\":{\"a\":null}}", 0, "where a string"),
        Arguments.of("{\"__metadata__\":{\"a\":{}}}", 0, "where a string"),
        Arguments.of("{\"__metadata__\":[]}", 0, "where an object"),
        Arguments.of("{\"__metadata__\":\"x\"}", 0, "where an object"),
        // JSON itself.
        Arguments.of("{", 0, "no header"),
        Arguments.of("{{", 0, "not sound JSON"),
        Arguments.of("{" + A, 4, "not sound JSON"),
        Arguments.of("{" + A + "}}", 4, "not sound JSON"),
        Arguments.of("{" + A + "}{}", 4, "something follows"),
        Arguments.of("{" + A + "}\u0000", 4, "not sound JSON"),
        Arguments.of("{" + A + ",}", 4, "not sound JSON"),
        Arguments.of("{'a':1}", 0, "not sound JSON"),
        Arguments.of("{/**/}", 0, "not sound JSON"),
        Arguments.of("{\"a\\ud800\":" + A.substring(4) + "}", 4, "not valid Unicode"),
        Arguments.of("{\"" + "n".repeat(5000) + "\":" + A.substring(4) + "}", 4, "not sound JSON"),
        Arguments.of("{\"a\":" + "[".repeat(100_000) + "}", 0, "a list where an object"),
        Arguments.of("{\"a\":" + "{\"shape\":".repeat(9) + "}", 0, "where a list"),
        Arguments.of("[]", 0, "begins with {"),
        Arguments.of(" {}", 0, "begins with {"),
        Arguments.of("\ufeff{}", 0, "begins with {"));
  }

  @ParameterizedTest
  @MethodSource("headers")
  void isRefused(String header, int dataBytes, String problem) {
    assertThatThrownBy(() -> Safetensors.open(Safetensors.file(header, dataBytes)))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining(problem)
        .hasMessageStartingWith("test.safetensors: ")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n").contains("; "));
  }

  static Stream<Arguments> lengths() {
    byte[] none = {};
    byte[] braces = {'{', '}'};
    return Stream.of(
        Arguments.of(none, "0 bytes"),
        Arguments.of(new byte[7], "7 bytes"),
        Arguments.of(new byte[8], "begins with {"),
        Arguments.of(Safetensors.file(1, braces, none), "begins with {"),
        Arguments.of(Safetensors.file(3, braces, none), "truncated"),
        Arguments.of(Safetensors.file(16 << 20, braces, none), "truncated"),
        Arguments.of(Safetensors.file((16 << 20) + 1, braces, none), "claims a header"),
        Arguments.of(Safetensors.file(-1, braces, none), "18446744073709551615"),
        Arguments.of(Safetensors.file(Long.MIN_VALUE, braces, none), "claims a header"),
        Arguments.of(Safetensors.file(Long.MAX_VALUE, braces, none), "claims a header"));
  }

  @ParameterizedTest
  @MethodSource("lengths")
  void aWrongLengthIsRefused(byte[] bytes, String problem) {
    assertThatThrownBy(() -> Safetensors.open(bytes))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void aHeaderThatIsNotUtf8IsRefused() {
    byte[] header = ("{" + A + "}").getBytes(StandardCharsets.US_ASCII);
    for (int[] bad :
        new int[][] {{0xFF, 'x'}, {0xC0, 0x80}, {0xED, 0xA0}, {0x80, 'x'}, {0xC3, 'x'}}) {
      byte[] broken = header.clone();
      broken[2] = (byte) bad[0];
      broken[3] = (byte) bad[1];
      assertThatThrownBy(
              () -> Safetensors.open(Safetensors.file(broken.length, broken, new byte[4])))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("not UTF-8");
    }
  }

  @Test
  void aHeaderOfManyNamesThatShareOneHashIsReadInTime() {
    // "Aa" and "BB" have one String.hashCode: 2^14 names in one bucket.
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i < 1 << 14; i++) {
      for (int bit = 0; bit < 14; bit++) {
        header.append(bit == 0 ? "\"" : "").append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      header.append("\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},");
    }
    header.setCharAt(header.length() - 1, '}');
    assertThat(Safetensors.open(Safetensors.file(header.toString(), 0)).names()).hasSize(1 << 14);
  }
}
