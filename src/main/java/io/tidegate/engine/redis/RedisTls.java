package io.tidegate.engine.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.tidegate.engine.network.PemFiles;
import io.tidegate.engine.redis.RedisAttemptRunner.NotReadyException;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import io.tidegate.target.TlsFiles;
import io.tidegate.target.TlsPolicy;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** TLS for one connection, by the PEM files as they are now. */
record RedisTls(PemFiles.Managers managers, SslVerifyMode verification) {

  /**
   * What the target's settings and its URL ask for; null: no TLS.
   *
   * @throws NotReadyException if a file holds no usable certificate or key
   */
  static @Nullable RedisTls of(Target target, HostPort address) throws NotReadyException {
    TlsPolicy.Level level = target.tlsPolicy().level();
    if (!level.insists()) {
      return null;
    }
    try {
      return new RedisTls(
          PemFiles.managers(files(target, level.verifies()), !level.verifies()),
          switch (level) {
            case VERIFY_FULL -> SslVerifyMode.FULL;
            case VERIFY_CA -> SslVerifyMode.CA;
            case NONE, IF_OFFERED, ENCRYPTED -> SslVerifyMode.NONE;
          });
    } catch (SSLException e) {
      throw new NotReadyException(RedisFaults.ownTls(e, address));
    }
  }

  /** The declared files; those that the URL names where none is declared, which this client ignores. */
  private static TlsSettings files(Target target, boolean verifies) {
    TlsSettings declared = target.tls();
    TlsFiles inUrl = TlsFiles.of(target.url());
    boolean identity = declared.certificateFile() == null && inUrl.key() != null;
    return new TlsSettings(
        declared.mode(),
        verifies && declared.caFile() == null ? path(inUrl.ca()) : declared.caFile(),
        identity ? path(inUrl.certificate()) : declared.certificateFile(),
        identity ? path(inUrl.key()) : declared.keyFile());
  }

  private static @Nullable Path path(@Nullable String file) {
    return file == null ? null : Path.of(file);
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
