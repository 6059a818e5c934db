package io.tidegate.target;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.secret.Secret;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target.MigrationConnection;
import io.tidegate.target.Target.Purpose;
import io.tidegate.target.Target.Role;
import io.tidegate.target.TlsPolicy.TlsSettings;
import io.tidegate.target.TlsPolicy.TlsSettings.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Targets for tests, changed one thing at a time. */
public record Targets(Target target) {

  /** A target on a loopback port, as settings would make it: a primary, no TLS but by the URL. */
  public static Targets at(String scheme, int port, String path) {
    return of(new ServiceUrl(scheme, List.of(new HostPort("127.0.0.1", port)), path, Map.of()));
  }

  /** A target with that URL, as settings would make it. */
  public static Targets of(ServiceUrl url) {
    return new Targets(
        new Target(
            "app",
            "TIDEGATE_TARGETS_APP_URL",
            url,
            Credentials.NONE,
            false,
            Purpose.STORE,
            Role.PRIMARY,
            true,
            null,
            TlsSettings.FROM_URL,
            null,
            RetryPolicy.DEFAULT,
            null));
  }

  /** The same with a user and a password; null: none. */
  public Targets as(@Nullable String username, @Nullable String password) {
    Secret secret = password == null ? null : Secret.of(password);
    return as(
        new Credentials() {
          @Override
          public @Nullable String username() {
            return username;
          }

          @Override
          public @Nullable Secret password() {
            return secret;
          }
        });
  }

  /** The same with a password that is read from a file each time. */
  public Targets as(@Nullable String username, Path passwordFile) {
    return as(
        new Credentials() {
          @Override
          public @Nullable String username() {
            return username;
          }

          @Override
          public Secret password() {
            try {
              return Secret.of(Files.readString(passwordFile).strip());
            } catch (IOException e) {
              throw new ProblemException(
                  new Problem(ExitCode.REFUSED, "cannot be read", "file", "Write it"));
            }
          }
        });
  }

  /** The same with those credentials. */
  public Targets as(Credentials credentials) {
    return with(target.url(), credentials, target.role(), target.readinessQuery(), target.tls());
  }

  /** The same with another role. */
  public Targets role(Role role) {
    return with(target.url(), target.credentials(), role, target.readinessQuery(), target.tls());
  }

  /** The same with another purpose. */
  public Targets purpose(Purpose purpose) {
    return with(purpose, target.changelog());
  }

  /** The same with a changelog. */
  public Targets changelog(Path path) {
    return with(target.purpose(), new Changelog(path, "", ""));
  }

  /** The same, migrated at another URL. */
  public Targets migratedAt(String origin, ServiceUrl url, boolean inlinePassword) {
    return new Targets(
        new Target(
            target.name(),
            target.origin(),
            target.url(),
            target.credentials(),
            target.inlinePassword(),
            target.purpose(),
            target.role(),
            target.required(),
            target.readinessQuery(),
            target.tls(),
            target.changelog(),
            target.retryPolicy(),
            target.backup(),
            target.schemaGate(),
            new MigrationConnection(origin, url, target.credentials(), inlinePassword)));
  }

  /** The same with a readiness query. */
  public Targets query(String query) {
    return with(target.url(), target.credentials(), target.role(), query, target.tls());
  }

  /** The same with TLS and a CA file; null: the JDK's own. */
  public Targets tls(Mode mode, @Nullable Path caFile) {
    return tls(new TlsSettings(mode, caFile, null, null));
  }

  /** The same with those TLS settings. */
  public Targets tls(TlsSettings tls) {
    return with(target.url(), target.credentials(), target.role(), target.readinessQuery(), tls);
  }

  /** The same with other parameters in its URL. */
  public Targets parameters(Map<String, String> parameters) {
    ServiceUrl url = target.url();
    return with(
        new ServiceUrl(url.scheme(), url.hosts(), url.path(), parameters),
        target.credentials(),
        target.role(),
        target.readinessQuery(),
        target.tls());
  }

  private Targets with(
      ServiceUrl url, Credentials credentials, Role role, @Nullable String query, TlsSettings tls) {
    return new Targets(
        new Target(
            target.name(),
            target.origin(),
            url,
            credentials,
            target.inlinePassword(),
            target.purpose(),
            role,
            target.required(),
            query,
            tls,
            target.changelog(),
            target.retryPolicy(),
            null));
  }

  private Targets with(Purpose purpose, @Nullable Changelog changelog) {
    return new Targets(
        new Target(
            target.name(),
            target.origin(),
            target.url(),
            target.credentials(),
            target.inlinePassword(),
            purpose,
            target.role(),
            target.required(),
            target.readinessQuery(),
            target.tls(),
            changelog,
            target.retryPolicy(),
            null));
  }
}
