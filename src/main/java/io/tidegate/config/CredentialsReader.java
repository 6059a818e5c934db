package io.tidegate.config;

import io.tidegate.config.Declarations.Declared;
import io.tidegate.config.TargetReader.TargetUrl;
import io.tidegate.config.UrlParser.ParsedUrl;
import io.tidegate.config.ValueType.RefusedValue;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.secret.Redactor;
import io.tidegate.secret.Secret;
import io.tidegate.target.Credentials;
import java.nio.file.Path;
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
    CredentialSource<Secret> password = password(name, url);
    boolean separate = password != null;
    CredentialSource<String> user = user(name, url, separate);
    return new DeclaredCredentials(
        url.origin(), user, password != null ? password : () -> passwordIn(url.read()));
  }

  private CredentialSource<String> user(String name, TargetUrl url, boolean separate) {
    Path file = declarations.getOrNull(Keys.USERNAME_FILE, name);
    if (file != null) {
      check(Keys.USERNAME_FILE, name, file);
      return () -> FileText.secret(file).strip();
    }
    String inline = declarations.getOrNull(Keys.USERNAME, name);
    return inline != null ? () -> inline : () -> userIn(url.read(), separate);
  }

  private @Nullable CredentialSource<Secret> password(String name, TargetUrl url) {
    Path file = declarations.getOrNull(Keys.PASSWORD_FILE, name);
    Declared inline = declarations.find(Keys.PASSWORD, name);
    if (file != null) {
      check(Keys.PASSWORD_FILE, name, file);
      if (url.isInline() && url.first().password() != null) {
        problems.add(
            url.origin(),
            "the password is declared both inline, in the URL, and in a file",
            "Take it out of the URL");
      }
      return () -> Secret.of(FileText.secret(file));
    }
    if (inline == null) {
      return null;
    }
    Secret secret = Secret.of(inline.value());
    return () -> secret;
  }

  private void check(Key<Path> key, String name, Path file) {
    try {
      FileText.secret(file);
    } catch (RefusedValue e) {
      problems.add(declarations.origin(key, name), e);
    }
  }

  /**
   * The user in a URL. Of Redis it is a password if it stands alone: {@code redis://secret@host} is
   * what Lettuce, Spring and many a tutorial write.
   */
  private static @Nullable String userIn(ParsedUrl url, boolean separatePassword) {
    return separatePassword || url.password() != null || !isLonePassword(url)
        ? url.username()
        : null;
  }

  private static @Nullable Secret passwordIn(ParsedUrl url) {
    String user = url.username();
    return url.password() == null && user != null && isLonePassword(url)
        ? Secret.of(user)
        : url.password();
  }

  /** Whether a password stands in a URL. An empty one is none. */
  static boolean hasPassword(ParsedUrl url) {
    Secret password = passwordIn(url);
    return password != null && !password.reveal().isEmpty();
  }

  private static boolean isLonePassword(ParsedUrl url) {
    String scheme = url.url().scheme();
    return scheme.startsWith("redis") || scheme.startsWith("valkey");
  }

  /** Credentials as declared; what stands in a file is read anew each time. */
  private static final class DeclaredCredentials implements Credentials {
    private final String origin;
    private final CredentialSource<String> user;
    private final CredentialSource<Secret> secret;

    DeclaredCredentials(
        String origin, CredentialSource<String> user, CredentialSource<Secret> secret) {
      this.origin = origin;
      this.user = user;
      this.secret = secret;
    }

    @Override
    public @Nullable String username() {
      return now(user);
    }

    @Override
    public @Nullable Secret password() {
      return now(secret);
    }

    private <T> @Nullable T now(CredentialSource<T> source) {
      try {
        return source.read();
      } catch (RefusedValue e) {
        throw new ProblemException(ExitCode.REFUSED, e.what(), origin, e.remedy(), e);
      }
    }

    @Override
    public String toString() {
      return Redactor.MASK;
    }
  }

  /** Where a user or a password comes from. */
  @FunctionalInterface
  private interface CredentialSource<T> {
    @Nullable T read() throws RefusedValue;
  }
}
