package io.sscam.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class StoredZipTest {
  private static final byte[] PICKLE =
      Pickles.oneTensor("w", 0, new long[] {4}, new long[] {1}).stop();

  /** Entries in a known order: data.pkl, then the storage. */
  private static byte[] sound() {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("m/data.pkl", PICKLE);
    entries.put("m/data/0", Checkpoints.floats(1, 2, 3, 4));
    return Checkpoints.zip(entries);
  }

  private static void refuses(byte[] bytes, String problem) {
    assertThatThrownBy(() -> Checkpoints.open(bytes))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining(problem);
  }

  private static ByteBuffer edit(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Where the n-th header with that signature begins. */
  private static int find(byte[] bytes, int signature, int nth) {
    int seen = 0;
    for (int at = 0; at + 4 <= bytes.length; at++) {
      if (edit(bytes).getInt(at) == signature && seen++ == nth) {
        return at;
      }
    }
    throw new AssertionError("no such header");
  }

  private static int central(byte[] bytes, int nth) {
    return find(bytes, 0x02014b50, nth);
  }

  @Test
  void aSoundFileIsRead() {
    assertThat(Checkpoints.open(sound()).read("w").data()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] sound = sound();
    for (int length = 4; length < sound.length; length++) {
      refuses(Arrays.copyOf(sound, length), "truncated");
    }
  }

  @Test
  void aCompressedEntryIsRefused() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("m/data.pkl"));
      zip.write(PICKLE);
    }
    refuses(out.toByteArray(), "is compressed");
  }

  @Test
  void aClaimedSizeThatIsNotThereIsRefused() {
    byte[] bytes = sound();
    int at = central(bytes, 1);
    edit(bytes).putInt(at + 20, 1 << 30).putInt(at + 24, 1 << 30);
    refuses(bytes, "contradicts the zip directory");
    edit(bytes).putInt(at + 20, 20);
    refuses(bytes, "is compressed");
  }

  @Test
  void theTwoHeadersMustAgree() {
    byte[] name = sound();
    name[central(name, 1) + 46] = 'x';
    refuses(name, "contradicts");
    byte[] crc = sound();
    edit(crc).putInt(central(crc, 1) + 16, 1);
    refuses(crc, "contradicts");
    byte[] method = sound();
    method[find(method, 0x04034b50, 0) + 8] = 8;
    refuses(method, "contradicts");
  }

  @Test
  void anEncryptedEntryIsRefused() {
    byte[] bytes = sound();
    bytes[central(bytes, 0) + 8] |= 1;
    refuses(bytes, "is encrypted");
  }

  @Test
  void entriesMayNotShareBytesOrNames() {
    byte[] twice = sound();
    int first = central(twice, 0);
    int second = central(twice, 1);
    int header = edit(twice).getInt(first + 42);
    assertThat(header).isZero();
    // The directory names the first entry twice and drops the second.
    ByteBuffer directory = ByteBuffer.allocate(2 * (second - first));
    directory.put(twice, first, second - first).put(twice, first, second - first);
    byte[] end = Arrays.copyOfRange(twice, find(twice, 0x06054b50, 0), twice.length);
    edit(end).putInt(12, directory.capacity());
    byte[] bytes =
        ByteBuffer.allocate(first + directory.capacity() + end.length)
            .put(twice, 0, first)
            .put(directory.array())
            .put(end)
            .array();
    refuses(bytes, "is there twice");
  }

  @Test
  void overlappingEntriesAreRefused() {
    // The pickle's entry holds, as its own bytes, a whole other entry, which the directory names.
    byte[] inner = sound();
    int innerLength = central(inner, 0);
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("m/outer", Arrays.copyOf(inner, innerLength));
    entries.put("m/data.pkl", PICKLE);
    byte[] bytes = Checkpoints.zip(entries);
    int at = central(bytes, 1);
    edit(bytes).putInt(at + 42, 30 + "m/outer".length());
    refuses(bytes, "overlaps another one");
  }

  @Test
  void aDirectoryThatLiesIsRefused() {
    byte[] count = sound();
    int end = find(count, 0x06054b50, 0);
    edit(count).putShort(end + 8, (short) 9).putShort(end + 10, (short) 9);
    refuses(count, "directory is damaged");
    edit(count).putShort(end + 8, (short) 1).putShort(end + 10, (short) 1);
    refuses(count, "longer than its entries");
    edit(count).putShort(end + 8, (short) 3);
    refuses(count, "several disks");
    byte[] offset = sound();
    edit(offset).putInt(end + 16, Integer.MAX_VALUE);
    refuses(offset, "points outside the file");
    edit(offset).putInt(end + 12, Integer.MAX_VALUE);
    refuses(offset, "too large");
    byte[] header = sound();
    edit(header).putInt(central(header, 0) + 42, -2);
    refuses(header, "points outside the file");
    edit(header).putInt(central(header, 0) + 42, -1);
    refuses(header, "points outside the file");
  }

  /** The sound file with all numbers of the directory moved to their ZIP64 places. */
  private static byte[] zip64() {
    byte[] bytes = sound();
    int start = central(bytes, 0);
    int end = find(bytes, 0x06054b50, 0);
    byte[] grown = new byte[bytes.length + 2 * 28 + 56 + 20];
    ByteBuffer out = edit(grown);
    out.put(bytes, 0, start);
    for (int nth = 0; nth < 2; nth++) {
      int at = central(bytes, nth);
      int length = 46 + edit(bytes).getShort(at + 28);
      int record = out.position();
      out.put(bytes, at, length).putShort((short) 1).putShort((short) 24);
      out.putLong(edit(bytes).getInt(at + 24)).putLong(edit(bytes).getInt(at + 20));
      out.putLong(edit(bytes).getInt(at + 42));
      out.putInt(record + 20, -1).putInt(record + 24, -1).putInt(record + 42, -1);
      out.putShort(record + 30, (short) 28);
    }
    int end64 = out.position();
    out.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45).putLong(0);
    out.putLong(2).putLong(2).putLong(end64 - start).putLong(start);
    out.putInt(0x07064b50).putInt(0).putLong(end64).putInt(1);
    int last = out.position();
    out.put(bytes, end, bytes.length - end);
    out.putInt(last + 12, -1).putInt(last + 16, -1);
    return grown;
  }

  @Test
  void zip64IsUnderstood() {
    byte[] bytes = zip64();
    assertThat(Checkpoints.open(bytes).read("w").data()).containsExactly(1, 2, 3, 4);
    int extra = central(bytes, 1) + 46 + "m/data/0".length() + 4;
    byte[] longer = bytes.clone();
    edit(longer).putInt(find(longer, 0x04034b50, 1) + 22, -1);
    edit(longer).putLong(extra, Long.MAX_VALUE).putLong(extra + 8, Long.MAX_VALUE);
    refuses(longer, "ends behind the end of the file");
    edit(longer).putLong(extra, -1).putLong(extra + 8, -1);
    refuses(longer, "ends behind the end of the file");
    byte[] elsewhere = bytes.clone();
    edit(elsewhere).putLong(extra + 16, Long.MAX_VALUE);
    refuses(elsewhere, "points outside the file");
    byte[] cut = bytes.clone();
    edit(cut).putShort(extra - 2, (short) 7);
    refuses(cut, "points outside the file");
    byte[] record = bytes.clone();
    edit(record).putLong(find(record, 0x07064b50, 0) + 8, 5);
    refuses(record, "zip64 directory is damaged");
    byte[] many = bytes.clone();
    edit(many).putLong(find(many, 0x06064b50, 0) + 32, Long.MAX_VALUE);
    refuses(many, "too large");
  }

  @Test
  void damagedElementsAreNoticedWhenTheyAreRead() {
    byte[] bytes = sound();
    int storage = find(bytes, 0x04034b50, 1) + 30 + "m/data/0".length();
    bytes[storage] ^= 1;
    TorchCheckpoint file = Checkpoints.open(bytes);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> file.read("w"))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("checksum");
    }
    bytes = sound();
    bytes[30 + "m/data.pkl".length() + 5] ^= 1;
    refuses(bytes, "data.pkl is damaged");
  }
}
