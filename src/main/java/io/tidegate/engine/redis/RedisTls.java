package io.tidegate.engine.redis;

import io.tidegate.engine.HostPort;
import io.tidegate.engine.ServiceUrl;
import io.tidegate.engine.TlsSettings;
import io.tidegate.engine.jdbc.PemFiles;
import java.io.IOException;
import java.net.Socket;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** TLS for one connection, by the PEM files as they are now. */
record RedisTls(SSLContext context, boolean named) {

  /** How much is asked of the server's certificate. */
  private enum Verification {
    NONE,
    CA,
    FULL
  }

  /**
   * What the target's settings and its URL ask for; null: no TLS.
   *
   * @throws NotReadyException if a file holds no usable certificate or key
   */
  static @Nullable RedisTls of(ServiceUrl url, TlsSettings tls, HostPort address)
      throws NotReadyException {
    if (!isOn(url, tls)) {
      return null;
    }
    Verification verification = verification(url, tls);
    try {
      return new RedisTls(
          PemFiles.context(tls, verification == Verification.NONE),
          verification == Verification.FULL);
    } catch (SSLException e) {
      throw new NotReadyException(Faults.ownTls(e, address));
    }
  }

  private static boolean isOn(ServiceUrl url, TlsSettings tls) {
    return switch (tls.mode()) {
      case URL -> url.scheme().startsWith("rediss") || url.scheme().equals("valkeys");
      case DISABLE -> false;
      case REQUIRE, VERIFY_CA, VERIFY_FULL -> true;
    };
  }

  private static Verification verification(ServiceUrl url, TlsSettings tls) {
    return switch (tls.mode()) {
      case URL -> asTheUrlSays(url);
      case DISABLE, REQUIRE -> Verification.NONE;
      case VERIFY_CA -> Verification.CA;
      case VERIFY_FULL -> Verification.FULL;
    };
  }

  /** {@code verifyPeer} is Lettuce's parameter, {@code ssl_cert_reqs} is redis-py's. */
  private static Verification asTheUrlSays(ServiceUrl url) {
    String peer = url.parameters().getOrDefault("verifyPeer", "").toUpperCase(Locale.ROOT);
    String reqs = url.parameters().getOrDefault("ssl_cert_reqs", "").toLowerCase(Locale.ROOT);
    if (peer.equals("NONE") || peer.equals("FALSE") || reqs.endsWith("none")) {
      return Verification.NONE;
    }
    return peer.equals("CA") ? Verification.CA : Verification.FULL;
  }

  /** TLS over a connection, before its handshake. The JDK sends the host's name as SNI. */
  SSLSocket over(Socket wire, HostPort address) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(wire, address.host(), address.port(), true);
    if (named) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
    }
    return socket;
  }
}
