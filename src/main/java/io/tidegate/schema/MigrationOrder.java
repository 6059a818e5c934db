package io.tidegate.schema;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order of migrations by their names: first by the number that begins them, part by part where dots
 * divide it ({@code 9} comes before {@code 10}, {@code 1.2} before {@code 1.10}), then by the rest.
 */
final class MigrationOrder {
  private static final Pattern NUMBER = Pattern.compile("(\\d+(?:\\.\\d+)*)(.*)", Pattern.DOTALL);

  private MigrationOrder() {}

  static int compare(String a, String b) {
    Matcher left = NUMBER.matcher(a);
    Matcher right = NUMBER.matcher(b);
    if (!left.matches() || !right.matches()) {
      return a.compareTo(b);
    }
    int order = byParts(left.group(1).split("\\.", -1), right.group(1).split("\\.", -1));
    return order != 0 ? order : left.group(2).compareTo(right.group(2));
  }

  private static int byParts(String[] a, String[] b) {
    for (int i = 0; i < Math.max(a.length, b.length); i++) {
      int order = part(a, i).compareTo(part(b, i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static BigInteger part(String[] parts, int index) {
    return index < parts.length ? new BigInteger(parts[index]) : BigInteger.ZERO;
  }
}
