package io.tidegate.target;

import io.tidegate.secret.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Who Tidegate connects as. Asked anew for each connection, so that a rotated file takes effect.
 */
public interface Credentials {
  /** No user and no password. */
  Credentials NONE =
      new Credentials() {
        @Override
        public @Nullable String username() {
          return null;
        }

        @Override
        public @Nullable Secret password() {
          return null;
        }
      };

  /** The user, or null where none is declared. */
  @Nullable String username();

  /**
   * The password as it is now, or null where none is declared.
   *
   * @throws io.tidegate.problem.ProblemException if it stands in a file that cannot be read now
   */
  @Nullable Secret password();
}
