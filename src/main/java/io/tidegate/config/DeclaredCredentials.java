package io.tidegate.config;

import io.tidegate.config.ValueType.RefusedValue;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.secret.Redactor;
import io.tidegate.secret.Secret;
import io.tidegate.target.Credentials;
import org.jspecify.annotations.Nullable;

/** Credentials as declared; what stands in a file is read anew each time. */
final class DeclaredCredentials implements Credentials {
  private final String origin;
  private final Source<String> user;
  private final Source<Secret> secret;

  /** Where one part comes from. */
  @FunctionalInterface
  interface Source<T> {
    @Nullable T read() throws RefusedValue;
  }

  DeclaredCredentials(String origin, Source<String> user, Source<Secret> secret) {
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

  private <T> @Nullable T now(Source<T> source) {
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
