package io.sscam.weights;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The proxy that the environment asks for: {@code HTTPS_PROXY} and {@code NO_PROXY}, in either
 * case, as curl and pip read them. Java's own settings ({@code -Dhttps.proxyHost}) go first.
 * Addresses of this machine are never sent to a proxy.
 */
final class ProxyRules extends ProxySelector {
  private final Proxy proxy;
  private final List<String> direct;

  private ProxyRules(Proxy proxy, List<String> direct) {
    this.proxy = proxy;
    this.direct = direct;
  }

  /** The rules of the present process. */
  static ProxySelector standard() {
    return System.getProperty("https.proxyHost") == null
        ? of(System.getenv())
        : ProxySelector.getDefault();
  }

  /**
   * The rules of an environment, or Java's own where it asks for no proxy.
   *
   * @throws WeightsException if HTTPS_PROXY is no address of an HTTP proxy
   */
  static ProxySelector of(Map<String, String> environment) {
    String address = value(environment, "https_proxy");
    if (address.isEmpty()) {
      ProxySelector platform = ProxySelector.getDefault();
      return platform == null ? ProxySelector.of(null) : platform;
    }
    List<String> direct =
        Arrays.stream(value(environment, "no_proxy").split(",", -1))
            .map(host -> host.strip().toLowerCase(Locale.ROOT))
            .filter(host -> !host.isEmpty())
            .toList();
    return new ProxyRules(new Proxy(Proxy.Type.HTTP, parse(address)), direct);
  }

  private static String value(Map<String, String> environment, String lowerCase) {
    String lower = environment.getOrDefault(lowerCase, "").strip();
    return lower.isEmpty()
        ? environment.getOrDefault(lowerCase.toUpperCase(Locale.ROOT), "").strip()
        : lower;
  }

  private static InetSocketAddress parse(String address) {
    try {
      URI uri = URI.create(address.contains("://") ? address : "http://" + address);
      if (uri.getHost() != null && uri.getScheme().equals("http")) {
        return new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort());
      }
    } catch (IllegalArgumentException e) {
      // Said below, together with what is an address but of no HTTP proxy. It may hold a password,
      // so it is not repeated.
    }
    throw new WeightsException(
        "HTTPS_PROXY", "is not the address of an HTTP proxy", "set it as http://host:port");
  }

  @Override
  public List<Proxy> select(URI uri) {
    return List.of(isDirect(uri) ? Proxy.NO_PROXY : proxy);
  }

  private boolean isDirect(URI uri) {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    return TrustedUris.isLoopback(uri) || direct.stream().anyMatch(rule -> matches(rule, host));
  }

  private static boolean matches(String rule, String host) {
    if (rule.equals("*")) {
      return true;
    }
    String domain = rule.startsWith(".") ? rule.substring(1) : rule;
    return host.equals(domain) || host.endsWith("." + domain);
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException cause) {
    // There is no other proxy to try; the client reports the failure itself.
  }
}
