package io.sscam.bench.cli;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Picture files, good and bad, made for a test. */
final class Pictures {
  private Pictures() {}

  /** A yellow disc on a blue and green ground. */
  static BufferedImage draw(int width, int height, int type) {
    BufferedImage image = new BufferedImage(width, height, type);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(new Color(20, 60, 140));
    graphics.fillRect(0, 0, width, height / 2);
    graphics.setColor(new Color(40, 140, 60));
    graphics.fillRect(0, height / 2, width, height);
    graphics.setColor(new Color(240, 220, 40));
    graphics.fillOval(width / 8, height / 8, width / 2, height / 2);
    graphics.dispose();
    return image;
  }

  static Path good(Path folder, String name) throws IOException {
    return write(folder, name, draw(80, 60, BufferedImage.TYPE_INT_RGB));
  }

  static Path write(Path folder, String name, BufferedImage image) throws IOException {
    return Files.write(folder.resolve(name), encode(image, name.replaceFirst(".*\\.", "")));
  }

  static byte[] encode(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(image, format, bytes)) {
      throw new IOException("no writer for " + format);
    }
    return bytes.toByteArray();
  }

  static BufferedImage grey16(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_USHORT_GRAY);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.getRaster().setSample(x, y, 0, 700 * x + y);
      }
    }
    return image;
  }

  /** A JPEG whose EXIF orientation is "turn by 90 degrees". */
  static byte[] turned(int width, int height) throws IOException {
    byte[] plain = encode(draw(width, height, BufferedImage.TYPE_INT_RGB), "jpg");
    byte[] tiff = {
      'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0
    };
    ByteBuffer all = ByteBuffer.allocate(plain.length + 10 + tiff.length);
    all.put(plain, 0, 2).put((byte) 0xFF).put((byte) 0xE1).putShort((short) (8 + tiff.length));
    all.put(ascii("Exif\0\0")).put(tiff);
    return all.put(plain, 2, plain.length - 2).array();
  }

  static byte[] truncatedJpeg() throws IOException {
    byte[] whole = encode(draw(80, 60, BufferedImage.TYPE_INT_RGB), "jpg");
    return Arrays.copyOf(whole, whole.length / 2);
  }

  /** A PNG of 30,000 x 30,000 pixels, whole but for its pixels. */
  static byte[] hugePng() {
    ByteBuffer header = ByteBuffer.allocate(13).putInt(30_000).putInt(30_000);
    header.put(new byte[] {8, 2, 0, 0, 0});
    ByteBuffer all = ByteBuffer.allocate(100);
    all.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    chunk(all, "IHDR", header.array());
    chunk(all, "IDAT", new byte[] {0x78, (byte) 0x9C, 3, 0, 0, 0, 0, 1});
    chunk(all, "IEND", new byte[0]);
    return Arrays.copyOf(all.array(), all.position());
  }

  private static void chunk(ByteBuffer all, String name, byte[] body) {
    byte[] typed = ByteBuffer.allocate(4 + body.length).put(ascii(name)).put(body).array();
    CRC32 crc = new CRC32();
    crc.update(typed);
    all.putInt(body.length).put(typed).putInt((int) crc.getValue());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
