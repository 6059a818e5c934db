package io.tidegate.config;

import java.util.Locale;

/** How one key is spelled in YAML and flags, and as an environment variable. */
final class KeyName {
  static final String PREFIX = "tidegate.";
  static final String VARIABLE_PREFIX = "TIDEGATE_";

  private KeyName() {}

  /** Lower case with dashes: {@code Password_File} is {@code password-file}. */
  static String normal(String text) {
    return text.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** {@code targets.my-db.url} as {@code TIDEGATE_TARGETS_MY_DB_URL}. */
  static String variable(String key) {
    return VARIABLE_PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** A name from outside, made fit for a message: bounded, and without control characters. */
  static String printable(String name) {
    String bounded = name.length() <= 100 ? name : name.substring(0, 100) + "...";
    return bounded.replaceAll("\\p{Cntrl}", "?");
  }
}
