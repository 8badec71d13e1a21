package io.sscam.kernels.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import jcuda.JCudaVersion;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JCuda's own native is re-pointed; what is no whole ELF file stays as it is. */
class SonameShiftTest {
  private static final String OLD = "libcublas.so.12";
  private static final String NEW = "libcublas.so.13";

  private byte[] file;

  @BeforeEach
  void read() throws IOException {
    String name = "/lib/libJCublas2-" + JCudaVersion.get() + "-linux-x86_64.so";
    try (InputStream in = JCudaVersion.class.getResourceAsStream(name)) {
      file = in.readAllBytes();
    }
  }

  @Test
  void itNeedsTheOtherNameAndTheVersionThatGoesWithIt() {
    Elf before = new Elf(file);
    assertThat(before.needed()).contains(OLD).doesNotContain(NEW);
    assertThat(before.versions()).contains(OLD + " " + OLD + " " + hash(OLD));

    assertThat(SonameShift.shift(file, OLD, NEW)).isPositive();

    Elf after = new Elf(file);
    assertThat(after.needed()).contains(NEW).doesNotContain(OLD);
    assertThat(after.needed()).hasSameSizeAs(before.needed());
    assertThat(after.versions()).contains(NEW + " " + NEW + " " + hash(NEW));
    assertThat(after.versions())
        .containsExactlyElementsOf(
            before.versions().stream()
                .map(line -> line.replace(OLD, NEW).replace(hash(OLD), hash(NEW)))
                .toList());
  }

  @Test
  void thereAndBackIsTheSameFile() {
    byte[] original = file.clone();
    int places = SonameShift.shift(file, OLD, NEW);
    assertThat(file).isNotEqualTo(original);
    assertThat(SonameShift.shift(file, NEW, OLD)).isEqualTo(places);
    assertThat(file).isEqualTo(original);
  }

  @Test
  void aNameThatIsNotNeededChangesNothing() {
    byte[] original = file.clone();
    assertThat(SonameShift.shift(file, "libabsent.so.12", "libabsent.so.13")).isZero();
    assertThat(SonameShift.shift(file, "ibcublas.so.12", "ibcublas.so.13")).isZero();
    assertThat(file).isEqualTo(original);
  }

  @ParameterizedTest
  @CsvSource({"libcublas.so.12, libcublas.so.130", "libcublas.so.12, libcublas.so.1", "'', ''"})
  void namesOfDifferentLengthAreRefused(String from, String to) {
    refused(file, from, to);
  }

  @Test
  void whatIsNoElfFileIsRefused() {
    refused(new byte[0], OLD, NEW);
    refused("not a library".repeat(50).getBytes(StandardCharsets.US_ASCII), OLD, NEW);
    refused(Arrays.copyOf(file, 63), OLD, NEW);
    byte[] of32Bits = file.clone();
    of32Bits[4] = 1;
    refused(of32Bits, OLD, NEW);
  }

  /** Section headers stand at the end, so every truncated file lacks some. */
  @ParameterizedTest
  @ValueSource(ints = {64, 65, 1000, 4096, 30_000})
  void aTruncatedFileIsRefused(int length) {
    assertThat(file).hasSizeGreaterThan(length);
    refused(Arrays.copyOf(file, length), OLD, NEW);
    refused(Arrays.copyOf(file, file.length - length), OLD, NEW);
  }

  /** Offsets, sizes, links and steps of lists that lead out of the file or in circles. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, -1, -16, Integer.MIN_VALUE, Integer.MAX_VALUE, 0x00ffffff})
  void hostileOffsetsAreRefusedOrHarmless(int value) {
    int sections = (int) new Elf(file).data.getLong(40);
    int count = new Elf(file).data.getShort(60);
    for (int field = sections; field < sections + 64 * count; field += 4) {
      hostile(field, value);
    }
    hostile(40, value);
    hostile(44, value);
    hostile(58, value);
    Elf elf = new Elf(file);
    for (int i = 0; i < 16; i++) {
      hostile((int) elf.section(elf.find(Elf.VERSION_NEEDS)).offset + 4 * i, value);
    }
  }

  private void hostile(int at, int value) {
    byte[] copy = file.clone();
    ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    shiftOrRefuse(copy);
  }

  @Test
  void randomDamageIsRefusedOrHarmless() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 200; round++) {
      byte[] copy = file.clone();
      int from = random.nextInt(copy.length);
      for (int i = from; i < Math.min(copy.length, from + 4096); i++) {
        copy[i] = (byte) random.nextInt();
      }
      shiftOrRefuse(copy);
    }
  }

  /** Nothing but the documented exception, and then not a byte is changed. */
  private static void shiftOrRefuse(byte[] copy) {
    byte[] before = copy.clone();
    try {
      SonameShift.shift(copy, OLD, NEW);
    } catch (IllegalArgumentException e) {
      assertThat(copy).isEqualTo(before);
    }
  }

  private static void refused(byte[] content, String from, String to) {
    byte[] before = content.clone();
    assertThatThrownBy(() -> SonameShift.shift(content, from, to))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(content).isEqualTo(before);
  }

  /** The System V hash, written as the ABI has it. */
  private static String hash(String name) {
    long h = 0;
    for (int i = 0; i < name.length(); i++) {
      h = (h << 4) + name.charAt(i);
      long g = h & 0xf0000000L;
      if (g != 0) {
        h ^= g >> 24;
      }
      h &= ~g;
    }
    return Long.toHexString(h);
  }

  /** As much reading of ELF64 as tells what a library needs, by its dynamic section. */
  private static final class Elf {
    private static final int DYNAMIC = 6;
    private static final int VERSION_NEEDS = 0x6ffffffe;
    private static final int NEEDED = 1;

    private final ByteBuffer data;

    Elf(byte[] file) {
      data = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    record Section(int type, long offset, long size, int link, int info) {}

    Section section(int index) {
      int at = (int) data.getLong(40) + 64 * index;
      return new Section(
          data.getInt(at + 4),
          data.getLong(at + 24),
          data.getLong(at + 32),
          data.getInt(at + 40),
          data.getInt(at + 44));
    }

    int find(int type) {
      int index = 0;
      while (section(index).type != type) {
        index++;
      }
      return index;
    }

    private String string(int table, int offset) {
      int start = (int) section(table).offset + offset;
      int end = start;
      while (data.get(end) != 0) {
        end++;
      }
      byte[] text = new byte[end - start];
      data.get(start, text);
      return new String(text, StandardCharsets.US_ASCII);
    }

    List<String> needed() {
      Section dynamic = section(find(DYNAMIC));
      List<String> names = new ArrayList<>();
      for (int at = (int) dynamic.offset; data.getLong(at) != 0; at += 16) {
        if (data.getLong(at) == NEEDED) {
          names.add(string(dynamic.link, (int) data.getLong(at + 8)));
        }
      }
      return names;
    }

    /** File, version and hash of all needed versions. */
    List<String> versions() {
      Section needs = section(find(VERSION_NEEDS));
      List<String> lines = new ArrayList<>();
      int need = (int) needs.offset;
      for (int n = 0; n < needs.info; n++) {
        String name = string(needs.link, data.getInt(need + 4));
        int version = need + data.getInt(need + 8);
        for (int v = 0; v < data.getShort(need + 2); v++) {
          String of = string(needs.link, data.getInt(version + 8));
          lines.add(name + " " + of + " " + Integer.toHexString(data.getInt(version)));
          version += data.getInt(version + 12);
        }
        need += data.getInt(need + 12);
      }
      return lines;
    }
  }
}
