package io.sscam.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Annotations made to harm: each is refused in one line, soon, and in silence. */
class HostileXmlTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String OBJECT = Made.object("dog", "1", "1", "2", "2");

  @TempDir Path folder;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream usual = System.err;

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void theParserSaidNothing() {
    System.setErr(usual);
    assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  private List<LabelledBox> read(byte[] xml) throws IOException {
    return AnnotationXml.read(Files.write(folder.resolve("a.xml"), xml), "name");
  }

  private void refused(String xml, String... parts) {
    byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
    assertTimeoutPreemptively(SOON, () -> Made.refused(() -> read(bytes), parts));
  }

  @Test
  void billionLaughs() {
    StringBuilder xml = new StringBuilder("<!DOCTYPE annotation [<!ENTITY l0 \"ha\">");
    for (int i = 1; i < 30; i++) {
      xml.append("<!ENTITY l").append(i).append(" \"").append(("&l" + (i - 1) + ";").repeat(10));
      xml.append("\">");
    }
    String laughs = Made.annotation(Made.object("&l29;", "1", "1", "2", "2"));
    refused(xml + "]>" + laughs, "document type");
  }

  @Test
  void anEntityInAnAttribute() {
    refused(
        "<!DOCTYPE annotation [<!ENTITY e \"x\"><!ATTLIST annotation a CDATA \"&e;\">]>"
            + "<annotation a=\"&e;\"/>",
        "document type");
  }

  @Test
  void anExternalEntityIsNotRead() throws IOException {
    Path secret = Made.text(folder.resolve("secret.txt"), "s3cret");
    refused(
        "<!DOCTYPE annotation [<!ENTITY e SYSTEM \"%s\">]>".formatted(secret.toUri())
            + Made.annotation(Made.object("&e;", "1", "1", "2", "2")),
        "document type");
  }

  @Test
  void nobodyIsAskedForADocumentType() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    server.start();
    try {
      String address = "http://127.0.0.1:%d/a.dtd".formatted(server.getAddress().getPort());
      String body = Made.annotation(OBJECT);
      refused("<!DOCTYPE annotation SYSTEM \"" + address + "\">" + body, "document type");
      refused("<!DOCTYPE annotation PUBLIC \"-//x\" \"" + address + "\">" + body, "document type");
      refused(
          "<!DOCTYPE annotation [<!ENTITY %% e SYSTEM \"%s\"> %%e;]>".formatted(address) + body,
          "document type");
    } finally {
      server.stop(0);
    }
    assertThat(asked).hasValue(0);
  }

  @Test
  void anEntityThatNobodyDeclaredIsNotLeftOutInSilence() {
    refused(Made.annotation(Made.object("do&x;g", "1", "1", "2", "2")), "well-formed", "line 1");
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 1000, 300_000})
  void nestedDeeply(int depth) {
    refused("<annotation>" + "<a>".repeat(depth - 1), "nested");
    refused("<annotation><object>" + "<a>".repeat(depth - 2), "nested");
  }

  @Test
  void nestedAsDeepAsAllowed() throws IOException {
    String xml = "<annotation>" + "<a>".repeat(15) + "</a>".repeat(15) + OBJECT + "</annotation>";
    assertThat(read(xml.getBytes(StandardCharsets.UTF_8))).hasSize(1);
  }

  @Test
  void longerThanAnyAnnotation() {
    refused("<annotation>" + " ".repeat(4 << 20) + "</annotation>", "longer than");
  }

  @Test
  void objectsByTheThousand() throws IOException {
    String most = "<annotation>" + OBJECT.repeat(10_000);
    assertThat(read((most + "</annotation>").getBytes(StandardCharsets.UTF_8))).hasSize(10_000);
    refused(most + OBJECT + "</annotation>", "more than 10000 objects");
  }

  /** Long names, many leaves: what is kept of each leaf must not be its whole path. */
  @Test
  void leavesUnderLongNames() {
    StringBuilder xml = new StringBuilder("<annotation><object>");
    for (int i = 0; i < 13; i++) {
      xml.append('<').append("n".repeat(990)).append(i).append('>');
    }
    for (int i = 0; i < 500_000; i++) {
      xml.append("<").append(Integer.toString(i + 10 * 36 * 36 * 36, 36)).append("/>");
    }
    refused(xml.toString(), "well-formed");
  }

  @Test
  void attributesByTheThousand() {
    StringBuilder xml = new StringBuilder("<annotation ");
    for (int i = 0; i < 200_000; i++) {
      xml.append('a').append(i).append("='' ");
    }
    refused(xml + "/>", "well-formed");
  }

  @Test
  void aNameOfManyBytes() {
    refused("<" + "a".repeat(3 << 20) + "/>");
    refused("<annotation>&" + "a".repeat(3 << 20) + ";</annotation>");
    refused("<annotation><object><name>" + "a".repeat(3 << 20) + "</name></object>", "<name>");
  }

  @Test
  void controlCharactersOfXml11() {
    refused(
        "<?xml version=\"1.1\"?>" + Made.annotation(Made.object("a&#27;[2J", "1", "1", "2", "2")),
        "<name>");
    refused(
        "<?xml version=\"1.1\"?>" + Made.annotation(Made.object("a", "&#27;[2J", "1", "2", "2")),
        "<xmin>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\0",
        "not XML",
        "<",
        "<annotation",
        "<annotation>",
        "<annotation></object>",
        "<annotation/><annotation/>",
        "<annotation/>text",
        "<?xml version=\"7.0\"?><annotation/>",
        "<annotation><![CDATA[",
        "<annotation><!-- -- --></annotation>",
        "<annotation a='1' a='2'/>",
        "<x:annotation/>",
        "<annotation>&#0;</annotation>",
        "<annotation>&#x110000;</annotation>",
        "<annotation>]]></annotation>",
        "<?xml version=\"1.0\"?><?xml version=\"1.0\"?><annotation/>",
        "<!DOCTYPE",
        "<!DOCTYPE annotation [",
        "<!DOCTYPE annotation [<!ENTITY % a '%a;'> %a;]><annotation/>",
      })
  void brokenTexts(String xml) {
    refused(xml, "a.xml");
  }

  @Test
  void brokenBytes() {
    byte[][] all = {
      {(byte) 0xFF},
      {(byte) 0xFE, (byte) 0xFF},
      {(byte) 0xFF, (byte) 0xFE, 0x3C},
      {0, 0, 0, 0x3C, 0},
      {0x4C, 0x6F, (byte) 0xA7, (byte) 0x94, 0x01}, // EBCDIC
      "<annotation>\u00e4".getBytes(StandardCharsets.ISO_8859_1),
      {0x3C, 0x61, (byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
    };
    for (byte[] bytes : all) {
      assertTimeoutPreemptively(SOON, () -> Made.refused(() -> read(bytes), "a.xml"));
    }
  }

  /** A mutated annotation is read or refused, nothing else; the seed is fixed. */
  @Test
  void mutations() throws IOException {
    byte[] good =
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a --><annotation a=\"b\">"
                + "<object><name>dög</name><difficult>0</difficult>"
                + Made.box("1", "2", "30", "40.5")
                + "<part><name><![CDATA[head]]></name></part></object>"
                + OBJECT
                + "<?pi x?></annotation>")
            .getBytes(StandardCharsets.UTF_8);
    assertThat(read(good)).hasSize(2);
    Random random = new Random(20210614);
    int refusals = 0;
    int rounds = 2000;
    for (int round = 0; round < rounds; round++) {
      byte[] bytes = mutated(good, random);
      try {
        read(bytes);
      } catch (DataSetException e) {
        Made.oneLine(e.getMessage());
        refusals++;
      } // anything else fails the test
    }
    assertThat(refusals).isBetween(rounds / 10, rounds - rounds / 10);
  }

  private static char letter(Random random) {
    String letters = "<>/&;\"'!?[]-=%# \n0123456789abcdefghijklmnopqrstuvwxyz";
    return letters.charAt(random.nextInt(letters.length()));
  }

  private static byte[] mutated(byte[] good, Random random) {
    byte[] bytes = good.clone();
    for (int change = random.nextInt(2); change >= 0; change--) {
      int at = random.nextInt(Math.max(1, bytes.length - 1));
      switch (random.nextInt(4)) {
        case 0 ->
            bytes[at] = (byte) (random.nextInt(8) == 0 ? random.nextInt(256) : letter(random));
        case 1 -> bytes[at] = (byte) letter(random);
        case 2 -> bytes = random.nextInt(4) == 0 ? Arrays.copyOf(bytes, Math.max(1, at)) : bytes;
        default -> {
          int length = Math.min(random.nextInt(12), bytes.length - at);
          int to = random.nextInt(bytes.length - length + 1);
          System.arraycopy(bytes.clone(), at, bytes, to, length);
        }
      }
    }
    return bytes;
  }
}
