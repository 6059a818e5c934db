package io.tidegate.engine.redis;

import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.tidegate.engine.ServiceUrl;
import io.tidegate.engine.TlsSettings;
import java.nio.file.Path;
import java.util.Locale;

/** How the driver is told about TLS. */
final class RedisTls {
  private RedisTls() {}

  static boolean isOn(ServiceUrl url, TlsSettings tls) {
    return switch (tls.mode()) {
      case URL -> url.scheme().startsWith("rediss") || url.scheme().equals("valkeys");
      case DISABLE -> false;
      case REQUIRE, VERIFY_CA, VERIFY_FULL -> true;
    };
  }

  static SslVerifyMode verification(ServiceUrl url, TlsSettings tls) {
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

  static SslOptions options(TlsSettings tls) {
    SslOptions.Builder options = SslOptions.builder().jdkSslProvider();
    if (tls.caFile() != null) {
      options.trustManager(tls.caFile().toFile());
    }
    Path certificate = tls.certificateFile();
    Path key = tls.keyFile();
    if (certificate != null && key != null) {
      options.keyManager(certificate.toFile(), key.toFile(), new char[0]);
    }
    return options.build();
  }
}
