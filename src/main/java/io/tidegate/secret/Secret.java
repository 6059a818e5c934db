package io.tidegate.secret;

/**
 * A text that must not be printed. Its own text is masked, and making one registers its value with
 * {@link Redactor}, so that the text of drivers and libraries is masked too.
 */
public final class Secret {
  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /** Wraps a value and has it masked from now on wherever text leaves the program. */
  public static Secret of(String value) {
    Redactor.register(value);
    return new Secret(value);
  }

  /** The value itself: for a driver, never for text. */
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && secret.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return Redactor.MASK;
  }
}
