package io.tidegate.target;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.problem.SpellingSuggestion;
import io.tidegate.target.TlsPolicy.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The words by which a URL asks for TLS, whichever driver's they are, in any case. A word that is not
 * known is refused: each driver would take it for something else, and most of them for plain text. No
 * message quotes a value, since a stray character of a password can make one of it.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-SSLMODE">libpq</a>
 * @see <a href="https://dev.mysql.com/doc/connector-j/en/connector-j-connp-props-security.html">Connector/J</a>
 * @see <a href="https://www.mongodb.com/docs/manual/reference/connection-string-options/#tls-options">MongoDB</a>
 */
final class TlsWords {
  /** Parameters that hold a mode. They are more precise than those that say yes or no. */
  private static final Set<String> MODES = Set.of("sslmode", "ssl-mode", "ssl_mode");

  /** Parameters that say yes or no; some take a mode too, as {@code ssl=require} of asyncpg. */
  private static final Set<String> FLAGS =
      Set.of(
          "ssl",
          "tls",
          "usessl",
          "usetls",
          "sslenabled",
          "tlsenabled",
          "requiressl",
          "requiretls",
          "ssl_disabled");

  /** Parameters that say how much of its identity a server has to prove. */
  private static final Set<String> VERIFICATION =
      Set.of(
          "sslaccept",
          "verifyservercertificate",
          "ssl-verify-server-cert",
          "ssl_verify_server_cert",
          "sslverify",
          "trustservercertificate",
          "disablesslhostnameverification",
          "ssl_verify_cert",
          "ssl_verify_identity",
          "tlsinsecure",
          "tlsallowinvalidcertificates",
          "tlsallowinvalidhostnames",
          "sslinvalidhostnameallowed",
          "verifypeer",
          "ssl_cert_reqs",
          "ssl_check_hostname");

  private static final Set<String> CA_FILES =
      Set.of("ssl-ca", "ssl_ca", "sslca", "sslcert", "serversslcert");

  /** Parameters that ask MySQL's and MongoDB's drivers for TLS by naming a file. */
  private static final Set<String> ASKING_FILES =
      Set.of(
          "ssl-ca",
          "ssl_ca",
          "sslca",
          "serversslcert",
          "ssl-cert",
          "ssl_cert",
          "sslcert",
          "tlscafile",
          "tlscertificatekeyfile");

  /** Of MongoDB's drivers: files that only TLS has a use for, which they take for asking for it. */
  private static final Set<String> MONGO_FILES = Set.of("tlscafile", "tlscertificatekeyfile");

  /**
   * What is in no driver's documentation that is known here, and can only mean that TLS is wanted:
   * {@code ssl_require}, {@code tls_required}, {@code ssl[rejectUnauthorized]}.
   */
  private static final Pattern LIKELY =
      Pattern.compile(
          "(?:force|enable|require)[-_]?(?:ssl|tls)"
              + "|(?:ssl|tls)[-_.\\[]?(?:require[ds]?|enable[ds]?|force[ds]?|only|verify|validate"
              + "|rejectunauthorized)]?"
              + "|rejectunauthorized");

  private static final Set<String> YES = Set.of("true", "1", "yes", "on", "t", "y");
  private static final Set<String> NO = Set.of("false", "0", "no", "off", "f", "n");

  private static final Map<String, Level> LEVELS =
      Map.ofEntries(
          Map.entry("disable", Level.NONE),
          Map.entry("disabled", Level.NONE),
          Map.entry("allow", Level.IF_OFFERED),
          Map.entry("prefer", Level.IF_OFFERED),
          Map.entry("preferred", Level.IF_OFFERED),
          Map.entry("require", Level.ENCRYPTED),
          Map.entry("required", Level.ENCRYPTED),
          Map.entry("trust", Level.ENCRYPTED),
          Map.entry("no-verify", Level.ENCRYPTED),
          Map.entry("skip-verify", Level.ENCRYPTED),
          Map.entry("verify-ca", Level.VERIFY_CA),
          Map.entry("verify-full", Level.VERIFY_FULL),
          Map.entry("verify-identity", Level.VERIFY_FULL),
          // The object of node's drivers, without its spaces.
          Map.entry("{\"rejectunauthorized\":true}", Level.VERIFY_FULL),
          Map.entry("{\"rejectunauthorized\":false}", Level.ENCRYPTED));

  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final TlsFiles files;
  private final String scheme;
  private final String origin;

  private TlsWords(ServiceUrl url, String origin) {
    this.files = TlsFiles.of(url);
    this.scheme = url.scheme();
    this.origin = origin;
    url.parameters()
        .forEach((name, value) -> {
          String word = lower(value).replace(" ", "").replace('_', '-');
          String other = parameters.put(lower(name), word);
          if (other != null && !other.equals(word) && isKnown(name)) {
            throw contradictory();
          }
        });
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static boolean isKnown(String parameter) {
    String name = lower(parameter);
    return MODES.contains(name) || FLAGS.contains(name) || VERIFICATION.contains(name);
  }

  /** Whether a parameter asks for TLS, and for no mode of it, as {@code ssl=true}. */
  static boolean isPlainYes(String parameter, String value) {
    return FLAGS.contains(lower(parameter)) && YES.contains(lower(value));
  }

  /**
   * What a URL asks for.
   *
   * @param caFile whether a CA file is declared beside it
   * @throws ProblemException with exit 78 if that is not clear
   */
  static TlsPolicy read(ServiceUrl url, boolean caFile, String origin) {
    return url.hosts().isEmpty()
        ? new TlsPolicy(Level.NONE, "it is a file")
        : new TlsWords(url, origin).policy(caFile);
  }

  private TlsPolicy policy(boolean caFile) {
    refuseMisspelt();
    Level asked = asked();
    if (asked == null) {
      refuseLikely();
      return byDefault(caFile);
    }
    if ("system".equals(parameters.get("sslrootcert")) && asked != Level.VERIFY_FULL) {
      throw refused(
          "the URL asks for the system's CAs, and for less than they prove",
          "Write sslmode=verify-full beside sslrootcert=system");
    }
    return switch (asked) {
      case NONE -> new TlsPolicy(asked, "its URL says so");
      case IF_OFFERED -> {
        if (!isNegotiated()) {
          throw refused(
              "the URL leaves it to the server whether there is TLS, which this service has no way"
                  + " to tell",
              "Write tls=true or tls=false");
        }
        yield new TlsPolicy(asked, "its URL does not insist on it");
      }
      case ENCRYPTED, VERIFY_CA, VERIFY_FULL -> {
        boolean checked = asked == Level.ENCRYPTED && requiresByRoot(caFile);
        yield new TlsPolicy(verified(checked ? Level.VERIFY_CA : asked), "its URL asks for TLS");
      }
    };
  }

  /** To libpq, {@code sslmode=require} with a root certificate is {@code verify-ca}. */
  private boolean requiresByRoot(boolean caFile) {
    return isPostgres()
        && (caFile || files.ca() != null)
        && parameters.entrySet().stream()
            .filter(one -> MODES.contains(one.getKey()) || FLAGS.contains(one.getKey()))
            .anyMatch(one -> one.getValue().equals("require"));
  }

  /** What a URL means that says nothing of it: as the service's driver has it. */
  private TlsPolicy byDefault(boolean caFile) {
    if (isRedis()) {
      return new TlsPolicy(Level.NONE, "its scheme is " + scheme);
    }
    if (scheme.equals("mongodb+srv")) {
      return new TlsPolicy(verified(Level.VERIFY_FULL), "its scheme is " + scheme);
    }
    if (isMongo()) {
      return MONGO_FILES.stream().anyMatch(this::namesFile)
          ? new TlsPolicy(verified(Level.VERIFY_FULL), "its URL names a file for TLS")
          : plainText();
    }
    if ("system".equals(parameters.get("sslrootcert"))) {
      return new TlsPolicy(Level.VERIFY_FULL, "its URL names the system's CAs");
    }
    if (caFile || (!isPostgres() && files.ca() != null)) {
      // A CA file is there to be checked against.
      return new TlsPolicy(verified(Level.VERIFY_CA), "a CA file is declared");
    }
    if (isPostgres()) {
      return new TlsPolicy(Level.IF_OFFERED, "its URL does not insist on it");
    }
    return files.certificate() != null
        ? new TlsPolicy(verified(Level.ENCRYPTED), "its URL names a client certificate")
        : plainText();
  }

  private boolean namesFile(String name) {
    return !parameters.getOrDefault(name, "").isEmpty();
  }

  private TlsPolicy plainText() {
    refuseEmptyFile();
    return new TlsPolicy(Level.NONE, "its URL does not ask for TLS");
  }

  /** The level that scheme, modes and flags ask for together; null: they say nothing. */
  private @Nullable Level asked() {
    List<Level> all = new ArrayList<>();
    Level mode = null;
    for (Map.Entry<String, String> one : parameters.entrySet()) {
      Level level = level(one.getKey(), one.getValue());
      if (level == null) {
        continue;
      }
      if (MODES.contains(one.getKey())) {
        if (mode != null && mode != level) {
          throw contradictory();
        }
        mode = level;
      }
      all.add(level);
    }
    if (isRedis() && isEncryptedScheme()) {
      all.add(Level.VERIFY_FULL);
    }
    if (all.contains(Level.NONE) && all.stream().anyMatch(level -> level != Level.NONE)) {
      throw contradictory();
    }
    if (mode != null && mode.insists()) {
      return mode;
    }
    return all.stream()
        .filter(Level::insists)
        .min(Level::compareTo)
        .orElse(all.isEmpty() ? null : all.getFirst());
  }

  /** What one parameter asks for; null: nothing. */
  private @Nullable Level level(String name, String value) {
    if (name.equals("requiressl")) {
      return isYes(name, value) ? Level.ENCRYPTED : null;
    }
    if (name.equals("ssl_disabled")) {
      return isYes(name, value) ? Level.NONE : null;
    }
    boolean mode = MODES.contains(name);
    if (mode || FLAGS.contains(name)) {
      Level level = LEVELS.get(value);
      if (level == null && mode && value.isEmpty()) {
        throw unknownWord(name);
      }
      return level != null ? level : isYes(name, value) ? Level.VERIFY_FULL : Level.NONE;
    }
    // Of MySQL's drivers: to verify a certificate is to ask for one.
    boolean verifies =
        switch (name) {
          case "sslaccept" -> value.equals("strict");
          case "verifyservercertificate",
              "ssl_verify_cert",
              "ssl_verify_identity",
              "ssl-verify-server-cert",
              "ssl_verify_server_cert",
              "sslverify" ->
              isYes(name, value);
          default -> false;
        };
    return verifies ? Level.VERIFY_FULL : null;
  }

  /** The level after what is said of the server's certificate. */
  private Level verified(Level asked) {
    Level level = asked;
    for (Map.Entry<String, String> one : parameters.entrySet()) {
      level = verified(level, one.getKey(), one.getValue());
    }
    return level;
  }

  private Level verified(Level level, String name, String value) {
    return switch (name) {
      case "sslaccept" ->
          switch (value) {
            case "strict" -> Level.VERIFY_FULL;
            case "accept-invalid-certs" -> Level.ENCRYPTED;
            default -> throw unknownWord(name);
          };
      case "verifypeer" ->
          switch (value) {
            case "none", "false" -> Level.ENCRYPTED;
            case "ca" -> Level.VERIFY_CA;
            case "full", "true" -> Level.VERIFY_FULL;
            default -> throw unknownWord(name);
          };
      case "ssl_cert_reqs" ->
          switch (value) {
            case "none", "cert-none" -> Level.ENCRYPTED;
            case "optional", "required", "cert-optional", "cert-required" -> level;
            default -> throw unknownWord(name);
          };
      case "verifyservercertificate", "ssl_verify_cert" ->
          isYes(name, value) ? higher(level, Level.VERIFY_CA) : Level.ENCRYPTED;
      case "ssl-verify-server-cert", "ssl_verify_server_cert", "sslverify" ->
          isYes(name, value) ? Level.VERIFY_FULL : Level.ENCRYPTED;
      case "trustservercertificate", "tlsinsecure", "tlsallowinvalidcertificates" ->
          isYes(name, value) ? Level.ENCRYPTED : level;
      case "ssl_verify_identity" ->
          isYes(name, value) ? Level.VERIFY_FULL : lower(level, Level.VERIFY_CA);
      case "ssl_check_hostname" -> isYes(name, value) ? level : lower(level, Level.VERIFY_CA);
      case "disablesslhostnameverification",
          "tlsallowinvalidhostnames",
          "sslinvalidhostnameallowed" ->
          isYes(name, value) ? lower(level, Level.VERIFY_CA) : level;
      default -> level;
    };
  }

  private static Level higher(Level one, Level other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private static Level lower(Level one, Level other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private boolean isYes(String name, String value) {
    if (YES.contains(value) || value.isEmpty()) {
      return true;
    }
    if (NO.contains(value)) {
      return false;
    }
    throw unknownWord(name);
  }

  /** As a variable that is not set leaves it: it must not mean plain text. */
  private void refuseEmptyFile() {
    for (String name : ASKING_FILES) {
      if (parameters.containsKey(name) && !namesFile(name)) {
        throw refused(
            "the URL's parameter %s names no file".formatted(name),
            "Name the file, or take the parameter out");
      }
    }
  }

  private void refuseMisspelt() {
    for (String name : parameters.keySet()) {
      if (isKnown(name) || CA_FILES.contains(name)) {
        continue;
      }
      SpellingSuggestion.likely(name, List.of("sslmode", "ssl-mode", "usessl", "requiressl"))
          .ifPresent(likely -> {
            throw refused(
                "a parameter of the URL is not known, and looks like %s".formatted(likely),
                "Write %s, or take it out".formatted(likely));
          });
    }
  }

  /** Where nothing else says it, a word for TLS that is not known must not mean plain text. */
  private void refuseLikely() {
    if (isEncryptedScheme() || scheme.equals("mongodb+srv")) {
      return;
    }
    parameters.forEach((name, value) -> {
      if (!isKnown(name) && LIKELY.matcher(name).matches() && !NO.contains(value)) {
        throw refused(
            "a parameter of the URL is not known, and looks as if it asked for TLS",
            "Ask for it by sslmode=require or tls=true, or set tls.mode of the target");
      }
    });
  }

  private boolean isRedis() {
    return scheme.startsWith("redis") || scheme.startsWith("valkey");
  }

  private boolean isEncryptedScheme() {
    return scheme.startsWith("rediss") || scheme.startsWith("valkeys");
  }

  private boolean isPostgres() {
    return scheme.startsWith("postgres");
  }

  /** Whether a connection begins in plain text, and client and server agree on TLS then. */
  private boolean isNegotiated() {
    return isPostgres() || scheme.startsWith("mysql") || scheme.startsWith("mariadb");
  }

  private boolean isMongo() {
    return scheme.startsWith("mongodb");
  }

  private ProblemException unknownWord(String name) {
    return refused(
        "the URL's parameter %s has a value that is not known".formatted(name),
        "Write disable, require, verify-ca or verify-full there, or set tls.mode of the target");
  }

  private ProblemException contradictory() {
    return refused(
        "the URL both asks for TLS and asks for none, or for two modes",
        "Keep one of its words, or set tls.mode of the target");
  }

  private ProblemException refused(String what, String remedy) {
    return new ProblemException(new Problem(ExitCode.REFUSED, what, origin, remedy));
  }
}
