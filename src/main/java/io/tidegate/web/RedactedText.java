package io.tidegate.web;

import io.tidegate.secret.Redactor;
import org.jspecify.annotations.Nullable;

/** Free text on its way out: what others worded may hold a secret. */
final class RedactedText {
  private RedactedText() {}

  static String of(String text) {
    return Redactor.redact(text);
  }

  static @Nullable String orNull(@Nullable String text) {
    return text == null ? null : Redactor.redact(text);
  }
}
