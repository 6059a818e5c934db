package io.tidegate.config;

import io.tidegate.config.Declarations.Declared;
import io.tidegate.config.Parts.PartVariable;
import io.tidegate.config.UrlParser.ParsedUrl;
import io.tidegate.config.ValueType.RefusedValue;
import io.tidegate.config.VariablesBesideUrl.Addition;
import io.tidegate.target.ServiceUrl.HostPort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes targets of the parts that apps are given instead of a URL: {@code PGHOST}, {@code DB_HOST},
 * {@code REDIS_HOST} and their like. Parts beside a URL of the same service have to agree with it, and
 * give it what it leaves open. What is not clear is a problem: a gate that passes over what somebody
 * declared opens too early.
 */
final class ConnectionParts {
  /** The parameters of a URL by which {@link UrlParser} takes parts of its place. */
  private static final String PORT = "port";

  private static final String DATABASE = "dbname";

  private final Map<String, String> environment;
  private final UrlParser parser;
  private final Problems problems;
  private final List<Declared> layer;
  private final List<KnownTarget> known = new ArrayList<>();
  private final Map<String, List<Addition>> additions = new LinkedHashMap<>();
  private boolean anyRefused;

  private ConnectionParts(
      Map<String, String> environment, List<Declared> urls, UrlParser parser, Problems problems) {
    this.environment = environment;
    this.parser = parser;
    this.problems = problems;
    this.layer = new ArrayList<>(urls);
  }

  /**
   * A target that is known already.
   *
   * @param text its URL as it was declared
   */
  private record KnownTarget(String target, String origin, String text, ParsedUrl url) {
    String engine() {
      return url.engine().traits().id();
    }

    boolean isSql() {
      return engine().equals("postgresql") || engine().equals("mysql");
    }
  }

  /**
   * What the variables make.
   *
   * @param layer what they declare
   * @param additions what they add to URLs, by the target
   * @param anyRefused whether some of them were refused, so that a target may be missing
   */
  record DeclaredParts(
      List<Declared> layer, Map<String, VariablesBesideUrl> additions, boolean anyRefused) {
    static final DeclaredParts NONE = new DeclaredParts(List.of(), Map.of(), false);
  }

  /**
   * What the well-known variables declare, those that hold URLs and those that hold parts.
   *
   * @param urls what the first declare
   */
  static DeclaredParts read(
      Map<String, String> environment, List<Declared> urls, UrlParser parser, Problems problems) {
    return new ConnectionParts(environment, urls, parser, problems).read();
  }

  /**
   * What the variables add to the URLs of targets that are named in Tidegate's own words: they declare
   * none themselves then, and give nobody a password.
   *
   * @param named what is declared of these targets
   */
  static DeclaredParts beside(
      Map<String, String> environment, List<Declared> named, UrlParser parser, Problems problems) {
    return new ConnectionParts(environment, named, parser, problems).besideNamed();
  }

  private DeclaredParts read() {
    readUrls();
    List<Parts> families = Parts.all(environment, problems);
    // Whole ones first: what is left may belong to them.
    families.stream().filter(parts -> parts.host().isPresent()).forEach(this::add);
    families.stream().filter(parts -> parts.host().isEmpty()).forEach(this::addWithoutHost);
    return declaredParts(layer, true);
  }

  private DeclaredParts besideNamed() {
    readUrls();
    Parts.all(environment, problems).forEach(this::fillNamed);
    return declaredParts(List.of(), false);
  }

  private void readUrls() {
    for (Declared declared : List.copyOf(layer)) {
      url(declared).ifPresent(known::add);
    }
  }

  private DeclaredParts declaredParts(List<Declared> declared, boolean own) {
    warnAboutPasswordFile();
    Map<String, VariablesBesideUrl> byTarget = new LinkedHashMap<>();
    additions.forEach((target, all) -> byTarget.put(target, new VariablesBesideUrl(all, own)));
    return new DeclaredParts(declared, byTarget, anyRefused);
  }

  private void warnAboutPasswordFile() {
    boolean needed =
        known.stream()
            .anyMatch(it ->
                it.engine().equals("postgresql")
                    && it.url().password() == null
                    && !isPasswordDeclared(it));
    if (needed && Parts.isSet(environment, PartVariableNames.PASSWORD_FILE)) {
      problems.warn(
          PartVariableNames.PASSWORD_FILE,
          "a file of passwords is not read",
          "Set PGPASSWORD_FILE to a file that holds the password alone");
    }
  }

  /** Empty for a URL that cannot be read: {@link TargetReader} reports it. */
  private Optional<KnownTarget> url(Declared declared) {
    boolean inline = Keys.URL.matches(declared.key());
    if (!inline && !Keys.URL_FILE.matches(declared.key())) {
      return Optional.empty();
    }
    try {
      String text = inline ? declared.value() : FileText.secret(Path.of(declared.value()));
      return Optional.of(
          new KnownTarget(
              Declarations.targetOf(declared.key()), declared.origin(), text, parser.parse(text)));
    } catch (RefusedValue e) {
      return Optional.empty();
    }
  }

  private void refuse(String where, RefusedValue refused) {
    anyRefused = true;
    problems.add(where, refused);
  }

  /** Parts without a host belong to a service that is known, or are what is left of one. */
  private void addWithoutHost(Parts parts) {
    boolean declares = !parts.isEmpty() && !parts.names().ofImageToo();
    if (declares || parts.isHostMissing()) {
      add(parts);
      return;
    }
    try {
      for (KnownTarget service : likely(parts, same(parts, scheme(parts)))) {
        addFurther(parts, service);
      }
    } catch (RefusedValue e) {
      refuse(parts.set(), e);
    }
  }

  private void add(Parts parts) {
    try {
      String scheme = scheme(parts);
      List<KnownTarget> same = same(parts, scheme);
      if (!same.isEmpty()) {
        join(parts, same);
      } else if (scheme != null && scheme.equals("sqlite")) {
        sqlite(parts);
      } else if (parts.host().isEmpty()) {
        throw new RefusedValue(
            "no host is declared",
            "Set %s, or the URL; or take it out".formatted(parts.names().host().getFirst()));
      } else if (scheme == null) {
        throw new RefusedValue(
            "nothing says which kind of database it is",
            "Set DB_CONNECTION to pgsql or mysql, or DATABASE_URL");
      } else {
        declare(parts, scheme);
      }
    } catch (RefusedValue e) {
      refuse(parts.set(), e);
    }
  }

  /** The known that may be meant, which is any SQL database for want of a kind. */
  private List<KnownTarget> same(Parts parts, @Nullable String scheme) throws RefusedValue {
    if (scheme == null) {
      return known.stream().filter(KnownTarget::isSql).toList();
    }
    String engine = parser.engineOf(scheme).traits().id();
    // Of files, only a URL of the same convention is sure not to be another.
    boolean file = scheme.equals("sqlite");
    return known.stream()
        .filter(it -> it.engine().equals(engine))
        .filter(it -> !file || (parts.database().isEmpty() && isOwn(parts, it)))
        .toList();
  }

  /** Those whose variable begins as the parts do, or else all. */
  private static List<KnownTarget> likely(Parts parts, List<KnownTarget> same) {
    List<KnownTarget> own = same.stream().filter(it -> isOwn(parts, it)).toList();
    return own.isEmpty() ? same : own;
  }

  private static boolean isOwn(Parts parts, KnownTarget service) {
    return service.origin().startsWith(parts.names().prefix());
  }

  /** The scheme that the parts stand for; null: nothing says it. */
  private static @Nullable String scheme(Parts parts) throws RefusedValue {
    if (!parts.names().scheme().isEmpty()) {
      return parts.names().scheme();
    }
    if (parts.kind().isPresent()) {
      return UrlScheme.ofDatabaseKind(parts.kind().get().text());
    }
    return switch (parts.port().isPresent() ? parts.port().get().text() : "") {
      case "5432" -> "postgresql";
      case "3306" -> "mysql";
      case "27017" -> "mongodb";
      default -> null;
    };
  }

  /** Parts beside known that are known: the same place, or a contradiction. */
  private void join(Parts parts, List<KnownTarget> same) throws RefusedValue {
    List<KnownTarget> found = parts.host().isEmpty() ? likely(parts, same) : ofPlace(parts, same);
    if (found.isEmpty()) {
      throw new RefusedValue(
          "another place is named by %s".formatted(same.getFirst().origin()),
          "Keep one of the two, or set TIDEGATE_TARGETS_<NAME>_URL for each that is meant");
    }
    credentials(parts, found.getFirst());
    for (KnownTarget service : found) {
      addPlace(parts, service);
      addFurther(parts, service);
    }
  }

  /** What a URL of a database leaves open of its place. Only libpq takes a port from elsewhere. */
  private void addPlace(Parts parts, KnownTarget service) throws RefusedValue {
    if (service.isSql() && parts.database().isPresent()) {
      add(service, DATABASE, parts.database().get());
    }
    if (parts.names().isLibpq() && parts.port().isPresent()) {
      add(service, PORT, parts.port().get());
    }
  }

  private void addFurther(Parts parts, KnownTarget service) throws RefusedValue {
    for (Map.Entry<String, PartVariable> one : parts.further().entrySet()) {
      add(service, one.getKey(), one.getValue());
    }
  }

  private void add(KnownTarget service, String parameter, PartVariable part) throws RefusedValue {
    String value = PartVariableNames.value(part.name(), part.text());
    if (!value.isEmpty()) {
      additions
          .computeIfAbsent(service.target(), target -> new ArrayList<>())
          .add(new Addition(part.name(), parameter, value));
    }
  }

  /** Fills the URL of a named target, where only one can be meant. */
  private void fillNamed(Parts parts) {
    try {
      List<KnownTarget> same = same(parts, scheme(parts));
      List<KnownTarget> meant = parts.host().isEmpty() ? same : ofPlace(parts, same);
      if (meant.size() == 1) {
        addPlace(parts, meant.getFirst());
        addFurther(parts, meant.getFirst());
      } else if (!meant.isEmpty()) {
        parts.further().values().forEach(this::warnAboutAmbiguous);
      }
    } catch (RefusedValue e) {
      problems.warn(parts.set(), "it is left out, since it " + e.what(), e.remedy());
    }
  }

  private void warnAboutAmbiguous(PartVariable part) {
    problems.warn(
        part.name(),
        "it is not obeyed, since several targets may be meant",
        "Say it in the URL of each, as sslmode=require, or in its tls.mode");
  }

  private List<KnownTarget> ofPlace(Parts parts, List<KnownTarget> same) throws RefusedValue {
    List<KnownTarget> found = new ArrayList<>();
    for (KnownTarget service : same) {
      if (isPlace(parts, service)) {
        found.add(service);
      }
    }
    return found;
  }

  private boolean isPlace(Parts parts, KnownTarget service) throws RefusedValue {
    ParsedUrl own = parser.parse(parts.url(service.url().url().scheme()));
    List<HostPort> hosts = own.url().hosts();
    boolean host =
        parts.port().isPresent()
            ? hosts.equals(hosts(parts, service))
            : names(hosts).equals(names(service.url().url().hosts()));
    boolean open = service.isSql() && service.url().url().path().isEmpty();
    return host
        && (parts.database().isEmpty()
            || open
            || own.url().path().equals(service.url().url().path()));
  }

  /** A service's addresses, with the port that libpq takes from its variable. */
  private List<HostPort> hosts(Parts parts, KnownTarget service) throws RefusedValue {
    if (parts.names().isLibpq() && parts.port().isPresent()) {
      PartVariable port = parts.port().get();
      Addition addition = new Addition(port.name(), PORT, port.text());
      try {
        return parser.parse(VariablesBesideUrl.with(service.text(), addition)).url().hosts();
      } catch (RefusedValue e) {
        // It has a port of its own.
        return service.url().url().hosts();
      }
    }
    return service.url().url().hosts();
  }

  private static List<String> names(List<HostPort> hosts) {
    return hosts.stream().map(HostPort::host).toList();
  }

  /** A URL has the last word about who logs in; a password is its user's. */
  private void credentials(Parts parts, KnownTarget service) throws RefusedValue {
    String user = service.url().username();
    boolean others =
        user != null && parts.user().isPresent() && !parts.user().get().text().equals(user);
    if (service.url().password() != null || isPasswordDeclared(service) || others) {
      return;
    }
    if (user == null) {
      put(parts.user(), Keys.USERNAME, Keys.USERNAME_FILE, service.target());
    }
    put(parts.password(), Keys.PASSWORD, Keys.PASSWORD_FILE, service.target());
  }

  private boolean isPasswordDeclared(KnownTarget service) {
    return layer.stream()
        .anyMatch(it ->
            Keys.PASSWORD.of(service.target()).equals(it.key())
                || Keys.PASSWORD_FILE.of(service.target()).equals(it.key()));
  }

  private void put(Optional<PartVariable> part, Key<?> inline, Key<?> file, String target) {
    part.ifPresent(it ->
        layer.add(new Declared((it.inFile() ? file : inline).of(target), it.value(), it.name())));
  }

  private void sqlite(Parts parts) throws RefusedValue {
    if (parts.database().isEmpty()) {
      throw new RefusedValue(
          "no file is declared for SQLite", "Set DB_DATABASE to its path, or DATABASE_URL");
    }
    PartVariable file = parts.database().get();
    String path = UrlQuery.encode(file.text()).replace("%2F", "/").replace("%3A", ":");
    add(parts, "sqlite:" + path, file);
  }

  private void declare(Parts parts, String scheme) throws RefusedValue {
    KnownTarget service = add(parts, parts.url(scheme), parts.host().orElseThrow());
    put(parts.user(), Keys.USERNAME, Keys.USERNAME_FILE, service.target());
    put(parts.password(), Keys.PASSWORD, Keys.PASSWORD_FILE, service.target());
    addFurther(parts, service);
  }

  private KnownTarget add(Parts parts, String url, PartVariable origin) throws RefusedValue {
    KnownTarget service =
        new KnownTarget(parts.names().target(), origin.name(), url, parser.parse(url));
    known.add(service);
    layer.add(new Declared(Keys.URL.of(service.target()), url, service.origin()));
    return service;
  }
}
