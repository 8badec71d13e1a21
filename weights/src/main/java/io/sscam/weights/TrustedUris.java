package io.sscam.weights;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/** Which addresses weights may come from: HTTPS anywhere, plain HTTP from this machine only. */
final class TrustedUris {
  // By name and not by look-up: what a name resolves to is for others to say.
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[(0*:)*:?0*1\\]");

  private TrustedUris() {}

  /** True for an address of this machine. */
  static boolean isLoopback(URI uri) {
    return uri.getHost() != null
        && LOOPBACK.matcher(uri.getHost().toLowerCase(Locale.ROOT)).matches();
  }

  /** Throws unless weights may be fetched from there. */
  static URI require(URI uri) {
    boolean secure = "https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null;
    boolean local = "http".equalsIgnoreCase(uri.getScheme()) && isLoopback(uri);
    if (!secure && !local) {
      throw new WeightsException(
          uri.toString(), "is not an HTTPS address", "use one that begins with https://");
    }
    return uri;
  }

  /**
   * The address a redirect leads to.
   *
   * @throws WeightsException if it leaves HTTPS, or leads from elsewhere to this machine
   */
  static URI redirect(URI from, String location) {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new WeightsException(
          from.toString(), "redirects to what is no address", "try again later", e);
    }
    boolean secure = "https".equalsIgnoreCase(to.getScheme()) && to.getHost() != null;
    boolean inside = isLoopback(from) && isLoopback(to);
    if ((secure && !isLoopback(to)) || (inside && (secure || "http".equals(to.getScheme())))) {
      return to;
    }
    throw new WeightsException(
        from.toString(),
        "redirects to " + Text.clean(to.toString()) + ", which is not HTTPS",
        "something between you and the server is not to be trusted, try another network");
  }
}
