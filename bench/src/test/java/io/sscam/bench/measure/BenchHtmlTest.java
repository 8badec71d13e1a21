package io.sscam.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The page. */
class BenchHtmlTest {
  private static final BenchResult RESULT =
      Rows.result(
          Rows.timed("<script>alert('&\"')</script>", 1e-3, 1e-3, 1e-3, 1e6, 1e6),
          Rows.net(1, 0.02),
          Rows.net(8, 0.01),
          Rows.share("share", 90));

  @Test
  void needsNothingElseAndFollowsTheReadersSystem() {
    String page = BenchHtml.write(RESULT);
    assertThat(page)
        .contains("name=\"viewport\"", "prefers-color-scheme: dark", "<svg viewBox=")
        .doesNotContain("http:", "https:", "src=", "@import", "url(", "<script");
  }

  @Test
  void theDrawingsStayInTheirFrames() throws Exception {
    String page = BenchHtml.write(RESULT);
    int drawings = 0;
    for (int at = page.indexOf("<svg"); at >= 0; at = page.indexOf("<svg", at + 1)) {
      Element svg = parse(page.substring(at, page.indexOf("</svg>", at) + 6)).getDocumentElement();
      NodeList points = svg.getElementsByTagName("circle");
      assertThat(points.getLength()).isPositive();
      for (int i = 0; i < points.getLength(); i++) {
        Element point = (Element) points.item(i);
        assertThat(Double.parseDouble(point.getAttribute("cx"))).isBetween(50.0, 468.0);
        assertThat(Double.parseDouble(point.getAttribute("cy"))).isBetween(12.0, 288.0);
      }
      drawings++;
    }
    assertThat(drawings).isEqualTo(2);
  }

  private static Document parse(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void noRowsMakeNoDrawing() {
    assertThat(BenchHtml.write(Rows.result())).doesNotContain("<svg", "NaN", "Infinity");
  }

  @Test
  void axesReachOverAllValues() {
    assertThat(Plot.decades(List.of(0.02, 3.0, 700.0))).containsExactly(-2, 3);
    assertThat(Plot.decades(List.of(1.0))).containsExactly(0, 1);
  }

  @Test
  void textIsEscaped() {
    assertThat(Html.text("<a & 'b' \"c\">")).isEqualTo("&lt;a &amp; &#39;b&#39; &quot;c&quot;&gt;");
  }
}
