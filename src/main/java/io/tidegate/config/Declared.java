package io.tidegate.config;

/**
 * One value that a user declared.
 *
 * @param key normalised, without {@code tidegate.}
 * @param value as declared; never printed
 * @param origin the variable, flag or line that declared it
 */
record Declared(String key, String value, String origin) {
  @Override
  public String toString() {
    return key + " from " + origin;
  }
}
