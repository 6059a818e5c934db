package io.tidegate.manifest.report;

import io.tidegate.secret.Redactor;

/** Text on its way out of the program: files may hold anything, even what commands a terminal. */
final class Printable {
  private Printable() {}

  static String of(String text) {
    return Redactor.redact(
        text.replaceAll("[\\p{Cntrl}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]", " "));
  }
}
