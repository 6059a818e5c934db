package io.tidegate.manifest.rules;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as Compose, Kubernetes and Redis write them. */
final class Bytes {
  private static final Pattern SIZE =
      Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?)\\s*([A-Za-z]{0,2}?)(i?)([bB]?)");

  private Bytes() {}

  /** Docker: each unit is a power of 1024. */
  static OptionalDouble docker(String text) {
    return of(text, true, true);
  }

  /** Kubernetes: Ki is 1024, k is 1000. */
  static OptionalDouble kubernetes(String text) {
    return of(text, false, false);
  }

  /** Redis: kb is 1024, k is 1000. */
  static OptionalDouble redis(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return of(lower, lower.endsWith("b"), true);
  }

  private static OptionalDouble of(String text, boolean binary, boolean withByte) {
    Matcher matcher = SIZE.matcher(text.strip());
    if (!matcher.matches() || (!withByte && !matcher.group(4).isEmpty())) {
      return OptionalDouble.empty();
    }
    String unit = matcher.group(2).toUpperCase(Locale.ROOT);
    int power = unit.isEmpty() ? 0 : "KMGTPE".indexOf(unit) + 1;
    if (unit.length() > 1 || (!unit.isEmpty() && power == 0)) {
      return OptionalDouble.empty();
    }
    double base = binary || !matcher.group(3).isEmpty() ? 1024 : 1000;
    return OptionalDouble.of(Double.parseDouble(matcher.group(1)) * Math.pow(base, power));
  }
}
