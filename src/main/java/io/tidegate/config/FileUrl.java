package io.tidegate.config;

import io.tidegate.config.UrlParser.ParsedUrl;
import io.tidegate.config.ValueType.RefusedValue;
import io.tidegate.target.Engine;
import io.tidegate.target.ServiceUrl;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The URL of a service that is a file. */
final class FileUrl {
  /** What SQLite calls a database that is no file. */
  private static final String MEMORY = ":memory:";

  /** SQLAlchemy's {@code sqlite:///file:app.db?uri=true}, of which the slashes are not the file's. */
  private static final Pattern FILE_WITHIN = Pattern.compile("(?i)/{2,3}file:");

  private static final Set<String> YES = Set.of("true", "1", "yes", "on");

  /** Parameters of SQLite's encrypting builds. A password alone means nothing to the others. */
  private static final Set<String> ENCRYPTION =
      Set.of("cipher", "key", "hexkey", "textkey", "_key", "_pragma_key", "_crypto_key");

  private FileUrl() {}

  /** Parses what follows the scheme. */
  static ParsedUrl parse(String scheme, Engine engine, String rest, boolean jdbc)
      throws RefusedValue {
    int question = rest.indexOf('?');
    String location = question < 0 ? rest : rest.substring(0, question);
    UrlQuery query = UrlQuery.parse(question < 0 ? "" : rest.substring(question + 1));
    refuseEncrypted(query.parameters());
    String path = UrlQuery.decode(path(scheme, location, jdbc, query.parameters()));
    return new ParsedUrl(
        new ServiceUrl(scheme, List.of(), path, query.parameters()),
        engine,
        null,
        query.password());
  }

  /**
   * The file as the spelling means it. After a scheme of its own, SQLAlchemy's rule: three slashes
   * before a relative path, four before an absolute one. After {@code file:}, the rule of file URLs.
   * After {@code jdbc:sqlite:} there is only a path. {@code mode=memory} makes whatever name one of
   * memory.
   */
  private static String path(
      String scheme, String rest, boolean jdbc, Map<String, String> parameters)
      throws RefusedValue {
    if (rest.regionMatches(true, 0, ":resource:", 0, 10)) {
      throw new RefusedValue(
          "the URL names a database among the app's own resources", "Name a file outside of it");
    }
    if ("memory".equalsIgnoreCase(parameters.getOrDefault("mode", ""))) {
      return MEMORY;
    }
    Matcher within = FILE_WITHIN.matcher(rest);
    if (within.lookingAt()) {
      if (!YES.contains(parameters.getOrDefault("uri", "").toLowerCase(Locale.ROOT))) {
        throw new RefusedValue(
            "the URL holds a file: URL, and does not say that it is one",
            "Add uri=true to its parameters, or write the path alone");
      }
      rest = rest.substring(within.end() - "file:".length());
    }
    String path;
    if (isFileUrl(rest)) {
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

  /** That SQLite here would write in plain text what the app reads by a key. */
  private static void refuseEncrypted(Map<String, String> parameters) throws RefusedValue {
    if (parameters.keySet().stream()
        .anyMatch(name -> ENCRYPTION.contains(name.toLowerCase(Locale.ROOT)))) {
      throw new RefusedValue(
          "the URL asks for an encrypted file, which Tidegate cannot open",
          "Take the target out, or the key where the file is not encrypted");
    }
  }

  private static boolean isFileUrl(String rest) {
    return rest.regionMatches(true, 0, "file:", 0, 5);
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
