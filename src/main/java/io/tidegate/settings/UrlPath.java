package io.tidegate.settings;

/** The path in the URL of a service that is a file. */
final class UrlPath {
  /** What SQLite calls a database that is no file. */
  static final String MEMORY = ":memory:";

  private UrlPath() {}

  /**
   * The file as the spelling means it. After a scheme of its own, SQLAlchemy's rule: three slashes
   * before a relative path, four before an absolute one. After {@code file:}, the rule of file URLs.
   * After {@code jdbc:sqlite:} there is only a path.
   */
  static String ofFile(String scheme, String rest, boolean jdbc) {
    String path;
    if (rest.regionMatches(true, 0, "file:", 0, 5)) {
      path = ofFileUrl(rest.substring(5));
    } else if (scheme.equals("file")) {
      path = ofFileUrl(rest);
    } else if (jdbc) {
      path = rest;
    } else if (rest.startsWith("///")) {
      path = rest.substring(3);
    } else if (rest.startsWith("//")) {
      path = rest.substring(2);
    } else {
      path = rest;
    }
    String single = path.replaceFirst("^/{2,}", "/");
    return single.isEmpty() ? MEMORY : single;
  }

  /** {@code ./dev.db}, {@code /abs}, {@code //host/abs}, {@code ///abs}. */
  private static String ofFileUrl(String rest) {
    if (!rest.startsWith("//")) {
      return rest;
    }
    int slash = rest.indexOf('/', 2);
    return slash < 0 ? rest.substring(2) : rest.substring(slash);
  }
}
