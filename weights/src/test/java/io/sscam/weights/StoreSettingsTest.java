package io.sscam.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.file.CacheDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StoreSettingsTest {
  private static final URI OFFICIAL = Catalogue.OFFICIAL;

  private static Proxy proxy(Map<String, String> environment, URI uri) {
    List<Proxy> proxies = ProxyRules.of(environment).select(uri);
    return proxies.get(0);
  }

  @Test
  void theCacheIsWhereThePlatformHasIts() {
    assertThat(CacheDirectory.resolve(Map.of(), "Linux", "/home/u"))
        .isEqualTo(Path.of("/home/u/.cache/sscam-engine"));
    assertThat(CacheDirectory.resolve(Map.of("XDG_CACHE_HOME", "/c"), "Linux", "/home/u"))
        .isEqualTo(Path.of("/c/sscam-engine"));
    assertThat(CacheDirectory.resolve(Map.of("XDG_CACHE_HOME", "rel"), "Linux", "/home/u"))
        .isEqualTo(Path.of("/home/u/.cache/sscam-engine"));
    assertThat(CacheDirectory.resolve(Map.of("XDG_CACHE_HOME", "/c"), "Mac OS X", "/Users/u"))
        .isEqualTo(Path.of("/Users/u/Library/Caches/sscam-engine"));
    assertThat(CacheDirectory.resolve(Map.of("LOCALAPPDATA", "/L"), "Windows 11", "/U"))
        .isEqualTo(Path.of("/L/sscam-engine"));
    assertThat(CacheDirectory.resolve(Map.of("SSCAM_CACHE", "/own"), "Mac OS X", "/Users/u"))
        .isEqualTo(Path.of("/own"));
    assertThat(CacheDirectory.resolve(Map.of("SSCAM_CACHE", " "), "Linux", "/home/u"))
        .isEqualTo(Path.of("/home/u/.cache/sscam-engine"));
  }

  @Test
  void theEnvironmentsProxyIsUsed() {
    var expected = new InetSocketAddress("127.0.0.9", 3128);
    for (String name : new String[] {"HTTPS_PROXY", "https_proxy"}) {
      for (String address : new String[] {"http://127.0.0.9:3128", "127.0.0.9:3128/"}) {
        assertThat(proxy(Map.of(name, address), OFFICIAL).address()).isEqualTo(expected);
      }
    }
    assertThat(proxy(Map.of("HTTPS_PROXY", "http://127.0.0.9"), OFFICIAL).address())
        .isEqualTo(new InetSocketAddress("127.0.0.9", 80));
  }

  @Test
  void someHostsAreAskedDirectly() {
    String proxy = "http://127.0.0.9:3128";
    for (String rule :
        new String[] {"*", "pytorch.org", ".pytorch.org", "a, Download.PyTorch.org"}) {
      assertThat(proxy(Map.of("HTTPS_PROXY", proxy, "NO_PROXY", rule), OFFICIAL))
          .isEqualTo(Proxy.NO_PROXY);
    }
    for (String rule : new String[] {"", "torch.org", "org.x", "load.pytorch.org"}) {
      assertThat(proxy(Map.of("HTTPS_PROXY", proxy, "no_proxy", rule), OFFICIAL))
          .isNotEqualTo(Proxy.NO_PROXY);
    }
    for (String local :
        new String[] {"http://localhost:9/", "http://127.1.2.3/", "http://[::1]/"}) {
      assertThat(proxy(Map.of("HTTPS_PROXY", proxy), URI.create(local))).isEqualTo(Proxy.NO_PROXY);
    }
  }

  @Test
  void aProxyOfAnotherKindIsRefusedWithoutItsPassword() {
    for (String address : new String[] {"socks5://u:secret@h:1", "http://u:secret@", "::"}) {
      assertThatThrownBy(() -> ProxyRules.of(Map.of("HTTPS_PROXY", address)))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("HTTPS_PROXY: is not the address of an HTTP proxy")
          .satisfies(e -> assertThat(String.valueOf(e.getMessage())).doesNotContain("secret"));
    }
  }

  @Test
  void anHttpsDownloadGoesThroughTheProxy(@TempDir Path folder) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<String> asked = CompletableFuture.supplyAsync(() -> refuse(server));
      ProxySelector rules =
          ProxyRules.of(Map.of("HTTPS_PROXY", "http://127.0.0.1:" + server.getLocalPort()));
      WeightStore store =
          new WeightStore(
              folder, OFFICIAL, Catalogue.entries(), () -> rules, Duration.ofSeconds(20));
      assertThatThrownBy(() -> store.pull(Catalogue.entries().get(0), ProgressListener.NONE))
          .isInstanceOf(WeightsException.class);
      assertThat(asked.get(20, TimeUnit.SECONDS))
          .isEqualTo("CONNECT download.pytorch.org:443 HTTP/1.1");
    }
  }

  @Test
  void aHostThatNobodyKnowsIsNamed(@TempDir Path folder) {
    CatalogueEntry entry = Catalogue.entries().get(0);
    URI nowhere = URI.create("https://no-such-host.invalid/");
    WeightStore direct =
        new WeightStore(
            folder, nowhere, List.of(entry), () -> ProxySelector.of(null), Duration.ofSeconds(20));
    ProxySelector rules = ProxyRules.of(Map.of("HTTPS_PROXY", "no-such-host.invalid:1"));
    WeightStore proxied =
        new WeightStore(folder, OFFICIAL, List.of(entry), () -> rules, Duration.ofSeconds(20));
    for (WeightStore store : List.of(direct, proxied)) {
      assertThatThrownBy(() -> store.pull(entry, ProgressListener.NONE))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("the server cannot be reached");
    }
  }

  /** A proxy that lets nobody through; returns what it was asked first. */
  private static String refuse(ServerSocket server) {
    try (Socket socket = server.accept();
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      String first = in.readLine();
      for (String line = first; line != null && !line.isEmpty(); line = in.readLine()) {}
      socket
          .getOutputStream()
          .write(
              "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      return String.valueOf(first);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void redirectsStayWhereTheyMay() {
    URI far = URI.create("https://a.example/x/y");
    assertThat(TrustedUris.redirect(far, "z")).isEqualTo(URI.create("https://a.example/x/z"));
    assertThat(TrustedUris.redirect(far, "https://b.example/"))
        .isEqualTo(URI.create("https://b.example/"));
    for (String bad :
        new String[] {"http://a.example/", "http://127.0.0.1/", "https://localhost/", "data:x"}) {
      assertThatThrownBy(() -> TrustedUris.redirect(far, bad))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("which is not HTTPS");
    }
    URI near = URI.create("http://127.0.0.1:8/");
    assertThat(TrustedUris.redirect(near, "http://localhost:9/").getPort()).isEqualTo(9);
    for (String loopback : new String[] {"localhost", "LOCALHOST", "127.255.0.1", "[::1]"}) {
      assertThat(TrustedUris.isLoopback(URI.create("http://" + loopback + "/"))).isTrue();
    }
    for (String other : new String[] {"localhost.example", "127.example", "10.0.0.1", "[::2]"}) {
      assertThat(TrustedUris.isLoopback(URI.create("http://" + other + "/"))).isFalse();
    }
  }

  @Test
  void theCatalogueNamesThreeFiles() {
    assertThat(Catalogue.entries())
        .extracting(CatalogueEntry::name)
        .containsExactly("resnet18", "vgg16", "squeezenet1_0");
    CatalogueEntry vgg = Catalogue.find("vgg16").orElseThrow();
    assertThat(vgg.hashPrefix()).isEqualTo("397923af");
    assertThat(vgg.convertedName()).isEqualTo("vgg16-397923af.safetensors");
    assertThat(Catalogue.find("alexnet")).isEmpty();
    assertThatThrownBy(() -> new CatalogueEntry("x", "../x-01234567.pth", 1, 1, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
