package io.tidegate.engine.postgres;

import io.tidegate.engine.jdbc.Limits;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.secret.Secret;
import io.tidegate.target.Credentials;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.Target;
import io.tidegate.target.TlsFiles;
import io.tidegate.target.TlsPolicy;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The driver's properties for a target. Of the URL's parameters those are passed on that change how
 * the server is reached or what a session sees. Dropped are those that name a class, write a file or
 * log, since a URL is data; those that Tidegate sets itself; and those of other drivers, which mean
 * nothing here.
 *
 * @see <a href="https://jdbc.postgresql.org/documentation/use/">pgjdbc: connection parameters</a>
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html">libpq: parameters</a>
 */
final class PostgresParameters {
  private static final Set<String> PASSED =
      Set.of(
          "sslrootcert",
          "sslcert",
          "sslkey",
          "sslpassword",
          "sslNegotiation",
          "channelBinding",
          "requireAuth",
          "gssEncMode",
          "options",
          "currentSchema",
          "targetServerType",
          "hostRecheckSeconds",
          "loadBalanceHosts",
          "preferQueryMode",
          "protocolVersion");

  /** Spellings of libpq, by the driver's name for the same. */
  private static final Map<String, String> TRANSLATED =
      Map.of(
          "channel_binding", "channelBinding",
          "require_auth", "requireAuth",
          "search_path", "currentSchema");

  /** Names of the schemas that unqualified names lead to: pgjdbc's, pgx's and lib/pq's, Prisma's. */
  private static final Set<String> SEARCH_PATH = Set.of("currentschema", "search_path", "schema");

  /** What is passed on, by its name in lower case. */
  private static final Map<String, String> BY_NAME = new HashMap<>(TRANSLATED);

  static {
    PASSED.forEach(name -> BY_NAME.put(name.toLowerCase(Locale.ROOT), name));
  }

  private static final Map<String, String> SESSION_ATTRIBUTES =
      Map.of(
          "any", "any",
          "read-write", "primary",
          "primary", "primary",
          "read-only", "secondary",
          "standby", "secondary",
          "prefer-standby", "preferSecondary");

  private PostgresParameters() {}

  /**
   * Refuses what would make the session another one than the URL asks for.
   *
   * @throws ProblemException with exit 78
   */
  static void check(Target target) {
    if (values(target.url(), SEARCH_PATH).size() > 1) {
      throw refused(
          target,
          "the URL names two search paths, as currentSchema, search_path or schema",
          "Keep the one that is meant");
    }
    if (!values(target.url(), Set.of("role")).isEmpty()) {
      throw refused(
          target,
          "the URL's parameter role is not obeyed: a session keeps the role that logs in",
          "Log in as that role, or say SET ROLE in the files that need it");
    }
    if (values(target.url(), Set.of("target_session_attrs")).stream()
        .anyMatch(word -> !SESSION_ATTRIBUTES.containsKey(word.toLowerCase(Locale.ROOT)))) {
      throw refused(
          target,
          "the URL's parameter target_session_attrs has a value that is not known",
          "Write any, read-write, read-only, primary, standby or prefer-standby");
    }
    if (values(target.url(), Set.of("timezone")).size() > 1) {
      throw refused(target, "the URL names two time zones", "Keep the one that is meant");
    }
  }

  private static ProblemException refused(Target target, String what, String remedy) {
    return new ProblemException(
        new Problem(ExitCode.REFUSED, what, "target " + target.name(), remedy));
  }

  /** What the URL says of the search path, which holds whatever a changeset alters; empty: nothing. */
  static Optional<String> searchPath(ServiceUrl url) {
    return values(url, SEARCH_PATH).stream()
        .findFirst()
        .or(() ->
            values(url, Set.of("options")).stream()
                .filter(options -> options.toLowerCase(Locale.ROOT).contains("search_path"))
                .findFirst());
  }

  /** The time zone that the URL asks for; empty: that of the role, the database or the server. */
  static Optional<String> timeZone(ServiceUrl url) {
    return values(url, Set.of("timezone")).stream().findFirst();
  }

  /** What those parameters say, in any case of their names; what is blank says nothing. */
  private static Set<String> values(ServiceUrl url, Set<String> names) {
    return url.parameters().entrySet().stream()
        .filter(each -> names.contains(each.getKey().toLowerCase(Locale.ROOT)))
        .map(Map.Entry::getValue)
        .filter(value -> !value.isBlank())
        .collect(Collectors.toSet());
  }

  /**
   * The properties of one connection.
   *
   * @param index which address of the host's name it goes to, from 0
   */
  static Properties of(Target target, Limits limits, int index) {
    Properties properties = new Properties();
    target.url().parameters().forEach((name, value) -> pass(properties, name, value));
    Credentials credentials = target.credentials();
    // Not the system user, as the driver would have it: nobody means that of a container.
    String user = credentials.username();
    properties.setProperty("user", user == null ? "postgres" : user);
    Secret password = credentials.password();
    properties.setProperty("password", password == null ? "" : password.reveal());
    properties.setProperty("ApplicationName", limits.applicationName());
    properties.setProperty("connectTimeout", seconds(limits.connectMillis()));
    properties.setProperty("socketTimeout", seconds(limits.readMillis()));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("socketFactory", KeepaliveSocketFactory.class.getName());
    KeepaliveSocketFactory.put(properties, index);
    // A named statement outlives its transaction, which poolers such as PgBouncer do not allow.
    properties.setProperty("prepareThreshold", "0");
    // The driver's own settings go with the login: it then asks nothing else, for which a pooler
    // would
    // need a free backend.
    properties.setProperty("assumeMinServerVersion", "9.0");
    tls(properties, target);
    return properties;
  }

  private static void pass(Properties properties, String name, String value) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.equals("target_session_attrs")) {
      String type = SESSION_ATTRIBUTES.get(value.toLowerCase(Locale.ROOT));
      if (type != null) {
        properties.setProperty("targetServerType", type);
      }
      return;
    }
    if (lower.equals("schema") && !value.isEmpty()) {
      // Prisma's: one name as it is written, where the driver takes a list of them, folded.
      properties.setProperty("currentSchema", '"' + value.replace("\"", "\"\"") + '"');
      return;
    }
    String own = BY_NAME.get(lower);
    if (own != null) {
      properties.setProperty(own, value);
    }
  }

  private static void tls(Properties properties, Target target) {
    TlsPolicy.Level level = target.tlsPolicy().level();
    properties.setProperty("sslmode", mode(level));
    TlsFiles inUrl = TlsFiles.of(target.url());
    if (inUrl.certificate() == null && properties.remove("sslcert") != null && inUrl.ca() != null) {
      // Prisma's name for a CA.
      properties.setProperty("sslrootcert", inUrl.ca());
    }
    TlsSettings tls = target.tls();
    boolean files = tls.caFile() != null || tls.certificateFile() != null;
    boolean system = "system".equals(properties.getProperty("sslrootcert"));
    boolean urlFiles = properties.containsKey("sslrootcert") || properties.containsKey("sslcert");
    if (files || system || (level.verifies() && !urlFiles)) {
      properties.setProperty("sslfactory", PemSocketFactory.class.getName());
      PemSocketFactory.put(properties, tls);
    }
  }

  private static String mode(TlsPolicy.Level level) {
    return switch (level) {
      case NONE -> "disable";
      case IF_OFFERED -> "prefer";
      case ENCRYPTED -> "require";
      case VERIFY_CA -> "verify-ca";
      case VERIFY_FULL -> "verify-full";
    };
  }

  private static String seconds(int millis) {
    return Integer.toString(millis == 0 ? 0 : Math.max(1, (millis + 999) / 1000));
  }
}
