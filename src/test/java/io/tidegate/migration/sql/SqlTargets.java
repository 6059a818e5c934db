package io.tidegate.migration.sql;

import io.tidegate.secret.Secret;
import io.tidegate.target.Changelog;
import io.tidegate.target.Credentials;
import io.tidegate.target.RetryPolicy;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Purpose;
import io.tidegate.target.Target.Role;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Targets as a person would declare them, for tests. */
public final class SqlTargets {
  private SqlTargets() {}

  /** A server's database. */
  public static Target server(
      String scheme, int port, String database, String user, String password, Path changelog) {
    return target(
        new ServiceUrl(scheme, List.of(new HostPort("127.0.0.1", port)), database, Map.of()),
        credentials(user, password),
        new Changelog(changelog, "", ""));
  }

  /** A database file. */
  public static Target file(Path file, Path changelog) {
    return target(
        new ServiceUrl("sqlite", List.of(), file.toString(), Map.of()),
        Credentials.NONE,
        new Changelog(changelog, "", ""));
  }

  /** The same target with another changelog. */
  public static Target with(Target target, Changelog changelog) {
    return target(target.url(), target.credentials(), changelog);
  }

  /** The same target with another URL. */
  public static Target at(Target target, ServiceUrl url) {
    return target(url, target.credentials(), Objects.requireNonNull(target.changelog()));
  }

  private static Target target(ServiceUrl url, Credentials credentials, Changelog changelog) {
    return new Target(
        "db",
        "DATABASE_URL",
        url,
        credentials,
        false,
        Purpose.STORE,
        Role.PRIMARY,
        true,
        null,
        TlsSettings.FROM_URL,
        changelog,
        RetryPolicy.DEFAULT,
        null);
  }

  private static Credentials credentials(String user, String password) {
    return new Credentials() {
      @Override
      public String username() {
        return user;
      }

      @Override
      public @Nullable Secret password() {
        return password.isEmpty() ? null : Secret.of(password);
      }
    };
  }
}
