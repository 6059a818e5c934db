package io.tidegate.config;

import io.tidegate.config.ValueType.RefusedValue;
import io.tidegate.secret.Secret;
import io.tidegate.target.Engine;
import io.tidegate.target.EngineCatalog;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a URL in the spelling that the app uses: JDBC, SQLAlchemy, libpq, Prisma, the drivers' own.
 * No message holds any part of the URL but its scheme, since a password with a stray character can
 * end up in every other part.
 */
final class UrlParser {
  private static final String EXAMPLE = "Write it as in postgresql://user@db.example:5432/app";
  private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]{0,30}");
  private static final Pattern REACTIVE = Pattern.compile("(?i)\\Ar2dbcs?:(pool:)?");

  private static final Pattern MODE = Pattern.compile("(?i)([a-z][a-z-]*)(://.*)");

  /** The parameter that holds {@code sequential} of {@code jdbc:mariadb:sequential://...}. */
  static final String MODE_PARAMETER = "ha-mode";

  private final EngineCatalog engines;

  UrlParser(EngineCatalog engines) {
    this.engines = engines;
  }

  /** Parses a URL; says what is wrong with it without quoting it. */
  ParsedUrl parse(String text) throws RefusedValue {
    String url = unquoted(text);
    if (url.isEmpty()) {
      throw new RefusedValue("the URL is empty", EXAMPLE);
    }
    url = OtherForms.url(url);
    if (KeywordForm.is(url)) {
      url = KeywordForm.url(url);
    }
    if (url.chars().anyMatch(c -> Character.isISOControl(c) || Character.isWhitespace(c))) {
      throw malformed("it holds a space or a line break", "Percent-encode it, a space as %20");
    }
    boolean jdbc = url.regionMatches(true, 0, "jdbc:", 0, 5);
    Matcher reactive = REACTIVE.matcher(url);
    String bare = jdbc ? url.substring(5) : reactive.replaceFirst("");
    boolean encrypted = url.regionMatches(true, 0, "r2dbcs:", 0, 7);
    int colon = bare.indexOf(':');
    String written = colon < 0 ? "" : bare.substring(0, colon).toLowerCase(Locale.ROOT);
    String scheme = UrlScheme.aliased(written);
    if (!SCHEME.matcher(scheme).matches()) {
      throw malformed("it has no scheme", EXAMPLE);
    }
    Engine engine = engine(scheme, jdbc || bare.startsWith("//", colon + 1));
    boolean exact = engine.traits().schemes().contains(scheme);
    String canonical = exact ? scheme : UrlScheme.withoutDriver(scheme);
    String rest = bare.substring(colon + 1);
    if (engine.traits().isFile()) {
      return file(canonical, engine, rest, jdbc);
    }
    ParsedUrl parsed = network(canonical, engine, rest, jdbc);
    return encrypted ? withTls(parsed) : parsed;
  }

  /** Asks for TLS, unless the URL has a word of its own for it. */
  private static ParsedUrl withTls(ParsedUrl parsed) {
    ServiceUrl url = parsed.url();
    if (url.parameters().keySet().stream().anyMatch("ssl"::equalsIgnoreCase)) {
      return parsed;
    }
    Map<String, String> parameters = new LinkedHashMap<>(url.parameters());
    parameters.put("ssl", "true");
    return new ParsedUrl(
        new ServiceUrl(url.scheme(), url.hosts(), url.path(), parameters),
        parsed.engine(),
        parsed.username(),
        parsed.password());
  }

  /** Whether a value stands in quotes, as it does where a file of variables was read too literally. */
  static boolean isQuoted(String text) {
    String bare = text.strip();
    char first = bare.isEmpty() ? ' ' : bare.charAt(0);
    return bare.length() >= 2
        && (first == '"' || first == '\'')
        && bare.charAt(bare.length() - 1) == first;
  }

  private static String unquoted(String text) {
    String bare = text.strip();
    return isQuoted(bare) ? bare.substring(1, bare.length() - 1).strip() : bare;
  }

  /** The engine of a scheme that is known. */
  Engine engineOf(String scheme) throws RefusedValue {
    return engine(scheme, true);
  }

  private Engine engine(String scheme, boolean surelyScheme) throws RefusedValue {
    Optional<Engine> engine = engines.find(scheme);
    if (engine.isEmpty() && !surelyScheme) {
      throw malformed("it has no scheme", EXAMPLE);
    }
    return engine.orElseThrow(() ->
        new RefusedValue(
            "the URL's scheme %s is not known".formatted(scheme),
            "Use one of " + String.join(", ", engines.schemes())));
  }

  private static ParsedUrl file(String scheme, Engine engine, String rest, boolean jdbc)
      throws RefusedValue {
    int question = rest.indexOf('?');
    String location = question < 0 ? rest : rest.substring(0, question);
    UrlQuery query = UrlQuery.parse(question < 0 ? "" : rest.substring(question + 1));
    UrlPath.refuseEncrypted(query.parameters());
    String path = Percent.decode(UrlPath.ofFile(scheme, location, jdbc, query.parameters()));
    return new ParsedUrl(
        new ServiceUrl(scheme, List.of(), path, query.parameters()),
        engine,
        null,
        query.password());
  }

  private static ParsedUrl network(String scheme, Engine engine, String rest, boolean jdbc)
      throws RefusedValue {
    String mode = "";
    var withMode = MODE.matcher(rest);
    if (jdbc && withMode.matches()) {
      mode = withMode.group(1).toLowerCase(Locale.ROOT);
      rest = withMode.group(2).substring(1);
    }
    UrlParts parts = UrlParts.split(rest, scheme.contains("sentinel"), jdbc);
    // To PostgreSQL's JDBC driver a plus is a space there, as in a form.
    boolean form = jdbc && scheme.startsWith("postgres");
    UrlQuery query = UrlQuery.parse(form ? parts.query().replace("+", "%20") : parts.query());
    Map<String, String> parameters = query.parameters();
    if (!mode.isEmpty()) {
      parameters.putIfAbsent(MODE_PARAMETER, mode);
    }
    if (!parts.fragment().isEmpty()) {
      parameters.putIfAbsent("sentinelMasterId", Percent.decode(parts.fragment()));
    }
    // The database of Redis is a number that its engine reads from a parameter.
    UrlPlace place = UrlPlace.of(parts, parameters, scheme.matches("(redis|valkey).*"));
    List<HostPort> hosts =
        UrlHosts.parse(place.authority(), scheme, engine.traits().defaultPort(), jdbc);
    String path = Percent.decode(place.path());
    String user = parts.user() != null ? Percent.decode(parts.user()) : query.username();
    Secret password =
        parts.password() != null ? Secret.of(Percent.decode(parts.password())) : query.password();
    if (password == null && parameters.keySet().stream().anyMatch("passfile"::equalsIgnoreCase)) {
      throw new RefusedValue(
          "the URL's parameter passfile names a file of passwords, which is not read",
          "Take it out, and set password or password-file of the target");
    }
    if (user != null && user.isEmpty()) {
      user = null;
    }
    return new ParsedUrl(new ServiceUrl(scheme, hosts, path, parameters), engine, user, password);
  }

  static RefusedValue malformed(String why, String remedy) {
    return new RefusedValue("the URL is malformed: " + why, remedy);
  }

  /**
   * A URL, the engine that it names, and the credentials that stood in it.
   *
   * @param username null: none
   * @param password null: none
   */
  record ParsedUrl(
      ServiceUrl url, Engine engine, @Nullable String username, @Nullable Secret password) {}
}
