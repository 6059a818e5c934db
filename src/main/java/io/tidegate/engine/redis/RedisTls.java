package io.tidegate.engine.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.tidegate.engine.HostPort;
import io.tidegate.engine.ServiceUrl;
import io.tidegate.engine.TlsSettings;
import io.tidegate.engine.jdbc.PemFiles;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** TLS for one connection, by the PEM files as they are now. */
record RedisTls(PemFiles.Managers managers, SslVerifyMode verification) {

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
    SslVerifyMode verification = verification(url, tls);
    try {
      return new RedisTls(PemFiles.managers(tls, verification == SslVerifyMode.NONE), verification);
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

  private static SslVerifyMode verification(ServiceUrl url, TlsSettings tls) {
    return switch (tls.mode()) {
      case URL -> asTheUrlSays(url);
      case DISABLE, REQUIRE -> SslVerifyMode.NONE;
      case VERIFY_CA -> SslVerifyMode.CA;
      case VERIFY_FULL -> SslVerifyMode.FULL;
    };
  }

  /** {@code verifyPeer} is Lettuce's parameter, {@code ssl_cert_reqs} is redis-py's. */
  private static SslVerifyMode asTheUrlSays(ServiceUrl url) {
    String peer = url.parameters().getOrDefault("verifyPeer", "").toUpperCase(Locale.ROOT);
    String reqs = url.parameters().getOrDefault("ssl_cert_reqs", "").toLowerCase(Locale.ROOT);
    if (peer.equals("NONE") || peer.equals("FALSE") || reqs.endsWith("none")) {
      return SslVerifyMode.NONE;
    }
    return peer.equals("CA") ? SslVerifyMode.CA : SslVerifyMode.FULL;
  }

  /** The same URI, over TLS. The host's name is sent as SNI. */
  RedisURI.Builder in(RedisURI.Builder uri) {
    return uri.withSsl(true).withVerifyPeer(verification);
  }

  /** By the JDK's TLS. */
  SslOptions options() {
    return SslOptions.builder()
        .jdkSslProvider()
        .sslContext(context -> {
          context.trustManager(managers.trust().getFirst());
          if (!managers.identity().isEmpty()) {
            context.keyManager(managers.identity().getFirst());
          }
        })
        .build();
  }
}
