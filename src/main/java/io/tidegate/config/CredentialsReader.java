package io.tidegate.config;

import io.tidegate.config.Declarations.Declared;
import io.tidegate.config.Keys.ConnectionKeys;
import io.tidegate.config.TargetUrlReader.TargetUrl;
import io.tidegate.config.ValueType.RefusedValue;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.secret.Redactor;
import io.tidegate.secret.Secret;
import io.tidegate.target.Credentials;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds out where a target's user and password come from: keys, files, or the URL. */
final class CredentialsReader {
  private final Declarations declarations;
  private final Problems problems;

  CredentialsReader(Declarations declarations, Problems problems) {
    this.declarations = declarations;
    this.problems = problems;
  }

  /** The credentials of a target. Files are read once to see that they can be. */
  Credentials read(String name, TargetUrl url) {
    return declared(Keys.CONNECTION, name, url);
  }

  /**
   * The credentials that a target is migrated with. A user that is not declared is the target's own; so
   * is a password, unless the user is another.
   *
   * @param url another URL for that; null: none is declared
   */
  Credentials readForMigration(String name, @Nullable TargetUrl url, Credentials own) {
    return new MigrationCredentials(declared(Keys.MIGRATION, name, url), own);
  }

  private Credentials declared(ConnectionKeys keys, String name, @Nullable TargetUrl url) {
    CredentialSource<Secret> password = password(keys, name, url);
    CredentialSource<String> user = user(keys, name, url, password != null);
    if (password == null) {
      password =
          url == null
              ? CredentialSource.none()
              : new CredentialSource<>(url.origin(), () -> url.read().secret());
    }
    return new DeclaredCredentials(user, password);
  }

  private CredentialSource<String> user(
      ConnectionKeys keys, String name, @Nullable TargetUrl url, boolean separate) {
    Path file = declarations.getOrNull(keys.usernameFile(), name);
    if (file != null) {
      return inFile(keys.usernameFile(), name, () -> FileText.secret(file).strip());
    }
    String inline = declarations.getOrNull(keys.username(), name);
    if (inline != null) {
      return new CredentialSource<>(keys.username().of(name), () -> inline);
    }
    return url == null
        ? CredentialSource.none()
        : new CredentialSource<>(url.origin(), () -> url.read().user(separate));
  }

  private @Nullable CredentialSource<Secret> password(
      ConnectionKeys keys, String name, @Nullable TargetUrl url) {
    Path file = declarations.getOrNull(keys.passwordFile(), name);
    Declared inline = declarations.find(keys.password(), name);
    if (file != null) {
      if (url != null && url.isInline() && url.first().password() != null) {
        problems.add(
            url.origin(),
            "the password is declared both inline, in the URL, and in a file",
            "Take it out of the URL");
      }
      return inFile(keys.passwordFile(), name, () -> Secret.of(FileText.secret(file)));
    }
    if (inline == null) {
      return null;
    }
    Secret secret = Secret.of(inline.value());
    return new CredentialSource<>(inline.origin(), () -> secret);
  }

  /** What stands in a file. It is read once to see that it can be. */
  private <T> CredentialSource<T> inFile(Key<Path> key, String name, Reading<T> reading) {
    String origin = declarations.origin(key, name);
    try {
      reading.read();
    } catch (RefusedValue e) {
      problems.add(origin, e);
    }
    return new CredentialSource<>(origin, reading);
  }

  /** Credentials as declared; what stands in a file is read anew each time. */
  private static final class DeclaredCredentials implements Credentials {
    private final CredentialSource<String> user;
    private final CredentialSource<Secret> secret;

    DeclaredCredentials(CredentialSource<String> user, CredentialSource<Secret> secret) {
      this.user = user;
      this.secret = secret;
    }

    @Override
    public @Nullable String username() {
      return user.now();
    }

    @Override
    public @Nullable Secret password() {
      return secret.now();
    }

    @Override
    public String toString() {
      return Redactor.MASK;
    }
  }

  /** Those of a migration, over those of its target. */
  private static final class MigrationCredentials implements Credentials {
    private final Credentials declared;
    private final Credentials own;

    MigrationCredentials(Credentials declared, Credentials own) {
      this.declared = declared;
      this.own = own;
    }

    @Override
    public @Nullable String username() {
      String user = declared.username();
      return user != null ? user : own.username();
    }

    @Override
    public @Nullable Secret password() {
      Secret password = declared.password();
      if (password != null) {
        return password;
      }
      return Objects.equals(username(), own.username()) ? own.password() : null;
    }

    @Override
    public String toString() {
      return Redactor.MASK;
    }
  }

  /** Reads a user or a password. */
  @FunctionalInterface
  private interface Reading<T> {
    @Nullable T read() throws RefusedValue;
  }

  /**
   * Where a user or a password comes from.
   *
   * @param origin what declared it, for problems
   */
  private record CredentialSource<T>(String origin, Reading<T> reading) {
    static <T> CredentialSource<T> none() {
      return new CredentialSource<>("", () -> null);
    }

    @Nullable T now() {
      try {
        return reading.read();
      } catch (RefusedValue e) {
        throw new ProblemException(ExitCode.REFUSED, e.what(), origin, e.remedy(), e);
      }
    }
  }
}
