package io.tidegate.config;

import io.tidegate.config.ValueType.RefusedValue;
import io.tidegate.secret.Secret;
import io.tidegate.target.Engine;
import io.tidegate.target.EngineCatalog;
import io.tidegate.target.ServiceUrl;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a URL in the spelling that the app uses: JDBC, SQLAlchemy, libpq, Prisma, the drivers' own.
 * No message holds any part of the URL but its scheme, since a password with a stray character can
 * end up in every other part.
 *
 * <p>The way of a URL: {@code WellKnownVariable} or a key declares it, {@code TargetUrlReader} has it
 * parsed here; {@code ConnectionString} makes a URL of other forms, {@code NetworkUrl} takes it apart
 * into hosts and parameters ({@code UrlQuery}), and {@code VariablesBesideUrl} fills in what stands in
 * variables of its own.
 */
final class UrlParser {
  private static final String EXAMPLE = "Write it as in postgresql://user@db.example:5432/app";
  private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]{0,30}");

  /** What stands before the scheme: the kind of driver, and drivers that only watch or wrap another. */
  private static final Pattern JDBC =
      Pattern.compile("(?i)\\Ajdbc:(?:(?:aws-wrapper|log4jdbc|otel|p6spy|tracing):)?");

  private static final Pattern REACTIVE =
      Pattern.compile("(?i)\\A(?:r2dbcs?:(?:(?:pool|proxy):)*|vertx-reactive:)");

  private final EngineCatalog engines;

  UrlParser(EngineCatalog engines) {
    this.engines = engines;
  }

  /** Parses a URL; says what is wrong with it without quoting it. */
  ParsedUrl parse(String text) throws RefusedValue {
    boolean quoted = ConnectionString.isQuoted(text);
    String url = ConnectionString.toUrl(text);
    if (url.isEmpty()) {
      throw new RefusedValue("the URL is empty", EXAMPLE);
    }
    for (int i = 0; i < url.length(); i++) {
      if (Character.isISOControl(url.charAt(i)) || Character.isWhitespace(url.charAt(i))) {
        throw malformed("it holds a space or a line break", "Percent-encode it, a space as %20");
      }
    }
    boolean jdbc = JDBC.matcher(url).lookingAt();
    String bare = (jdbc ? JDBC : REACTIVE).matcher(url).replaceFirst("");
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
    boolean file = engine.traits().isFile();
    ParsedUrl parsed =
        file
            ? FileUrl.parse(canonical, engine, rest, jdbc)
            : NetworkUrl.parse(canonical, engine, rest, jdbc);
    return new ParsedUrl(
        encrypted && !file ? withTls(parsed.url()) : parsed.url(),
        engine,
        parsed.username(),
        parsed.password(),
        quoted);
  }

  /** Asks for TLS, unless the URL has a word of its own for it. */
  private static ServiceUrl withTls(ServiceUrl url) {
    if (url.parameters().keySet().stream().anyMatch("ssl"::equalsIgnoreCase)) {
      return url;
    }
    Map<String, String> parameters = new LinkedHashMap<>(url.parameters());
    parameters.put("ssl", "true");
    return new ServiceUrl(url.scheme(), url.hosts(), url.path(), parameters);
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

  static RefusedValue malformed(String why, String remedy) {
    return new RefusedValue("the URL is malformed: " + why, remedy);
  }

  /**
   * A URL, the engine that it names, and the credentials that stood in it.
   *
   * @param username null: none
   * @param password null: none
   * @param quoted whether it was written in quotes, which are left out
   */
  record ParsedUrl(
      ServiceUrl url,
      Engine engine,
      @Nullable String username,
      @Nullable Secret password,
      boolean quoted) {

    /** One without quotes. */
    ParsedUrl(ServiceUrl url, Engine engine, @Nullable String username, @Nullable Secret password) {
      this(url, engine, username, password, false);
    }

    /**
     * Who logs in; null: nobody is named. Of Redis a user alone is a password, unless one is declared
     * elsewhere: {@code redis://secret@host} is what Lettuce, Spring and many a tutorial write.
     */
    @Nullable String user(boolean separatePassword) {
      return isLonePassword() && !separatePassword ? null : username;
    }

    /** The password that logs in; null: none. */
    @Nullable Secret secret() {
      return isLonePassword() && username != null ? Secret.of(username) : password;
    }

    /** Whether a password stands in it. An empty one is none. */
    boolean hasPassword() {
      Secret secret = secret();
      return secret != null && !secret.reveal().isEmpty();
    }

    private boolean isLonePassword() {
      String scheme = url.scheme();
      return password == null && (scheme.startsWith("redis") || scheme.startsWith("valkey"));
    }
  }
}
