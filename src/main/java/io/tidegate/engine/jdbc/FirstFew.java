package io.tidegate.engine.jdbc;

import java.util.List;

/** Many names in a few words. */
public final class FirstFew {
  /** As many rows as a query for names needs to give. */
  public static final int ROWS = 101;

  private static final int NAMED = 3;

  private FirstFew() {}

  /** {@code a, b, c and 4 more}; empty for none. {@link #ROWS} names or more are not counted out. */
  public static String describe(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
    // A name may hold anything; what is made of it stays on one line.
    first = first.replaceAll("\\p{Cntrl}", "?");
    int more = names.size() - NAMED;
    if (more <= 0) {
      return first;
    }
    return "%s and %s%d more".formatted(first, names.size() >= ROWS ? "at least " : "", more);
  }
}
