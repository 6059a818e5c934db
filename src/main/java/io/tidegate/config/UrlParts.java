package io.tidegate.config;

import io.tidegate.config.ValueType.RefusedValue;
import org.jspecify.annotations.Nullable;

/** A network URL after its scheme, cut into parts that are not decoded yet. */
record UrlParts(
    @Nullable String user,
    @Nullable String password,
    String authority,
    String path,
    String query,
    String fragment) {
  private static final String ENCODE =
      "Write @ as %40, / as %2F, # as %23 and ? as %3F in the user and the password";

  /**
   * Cuts at the last {@code @} before the path, so that a password with a raw {@code @} or {@code :}
   * is read as it was meant. Where an {@code @} could belong to a password or not, it is refused.
   *
   * @param rest what follows {@code scheme:}
   * @param takesFragment whether a {@code #} has a meaning
   * @param jdbc whether a URL without {@code //} is one, as the PostgreSQL driver has it
   */
  static UrlParts split(String rest, boolean takesFragment, boolean jdbc) throws RefusedValue {
    if (!rest.startsWith("//")) {
      if (!jdbc) {
        throw UrlParser.malformed(
            "no // follows the scheme", "Write it as scheme://host:port/name");
      }
      rest = "///" + (rest.startsWith("/") ? rest.substring(1) : rest);
    }
    String text = rest.substring(2);
    int end = firstOf(text, "/?#", 0);
    String authority = text.substring(0, end);
    int at = authority.lastIndexOf('@');
    int queryStart = firstOf(text, "?#", end);
    boolean strayAt =
        text.substring(end, queryStart).indexOf('@') >= 0
            || (at < 0 && end == queryStart && text.indexOf('@', end) >= 0);
    if (strayAt) {
      throw UrlParser.malformed("an @ stands after its first /, ? or #", ENCODE);
    }
    int hash = text.indexOf('#', end);
    if (hash >= 0 && (!takesFragment || text.indexOf('@', hash) >= 0)) {
      throw UrlParser.malformed("it holds a #", ENCODE);
    }
    String beforeHash = hash < 0 ? text : text.substring(0, hash);
    int pathEnd = Math.min(queryStart, beforeHash.length());
    int colon = authority.substring(0, Math.max(at, 0)).indexOf(':');
    int userEnd = colon < 0 ? at : colon;
    return new UrlParts(
        at < 0 ? null : authority.substring(0, userEnd),
        colon < 0 ? null : authority.substring(colon + 1, at),
        authority.substring(at + 1),
        beforeHash.substring(Math.min(end + 1, pathEnd), pathEnd),
        pathEnd < beforeHash.length() ? beforeHash.substring(pathEnd + 1) : "",
        hash < 0 ? "" : text.substring(hash + 1));
  }

  private static int firstOf(String text, String stops, int from) {
    for (int i = from; i < text.length(); i++) {
      if (stops.indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return text.length();
  }

  @Override
  public String toString() {
    return "parts of a URL";
  }
}
