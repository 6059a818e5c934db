package io.tidegate.secret;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Begins every test class as a process begins, with no secret known: a password of one class, such
 * as {@code postgres}, would mask a word that the next one looks for. JUnit finds it by itself.
 */
public final class NoSecretsOfOthers implements BeforeAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    Redactor.forgetAll();
  }
}
