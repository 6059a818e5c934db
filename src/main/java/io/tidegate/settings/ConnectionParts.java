package io.tidegate.settings;

import io.tidegate.engine.HostPort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes targets of the parts that apps are given instead of a URL: {@code PGHOST}, {@code DB_HOST},
 * {@code REDIS_HOST} and their like. Parts beside a URL of the same service have to agree with it, and
 * give it the user and password that it does not have. What is not clear is a problem: a gate that
 * passes over what somebody declared opens too early.
 */
final class ConnectionParts {
  private static final String FILE = "_FILE";

  private final Map<String, String> environment;
  private final UrlParser parser;
  private final Problems problems;
  private final List<Declared> layer;
  private final List<Service> services = new ArrayList<>();

  private ConnectionParts(
      Map<String, String> environment, List<Declared> urls, UrlParser parser, Problems problems) {
    this.environment = environment;
    this.parser = parser;
    this.problems = problems;
    this.layer = new ArrayList<>(urls);
  }

  /** One variable that is set, or the one that names its file. */
  private record Part(String variable, String value, boolean inFile) {
    /** The value; of a file what is in it now. */
    String text() throws RefusedValue {
      return (inFile ? FileText.secret(Path.of(value)) : value).strip();
    }
  }

  /** A target that is known already. */
  private record Service(String target, String origin, ParsedUrl url) {
    String engine() {
      return url.engine().traits().id();
    }
  }

  /**
   * What is set of one family of variables.
   *
   * @param isHostMissing whether the host is set to nothing: a value that did not get there
   */
  private record Parts(
      PartNames names,
      Optional<Part> kind,
      Optional<Part> host,
      Optional<Part> port,
      Optional<Part> user,
      Optional<Part> password,
      Optional<Part> database,
      boolean isHostMissing) {

    /** The variables that are set, for messages. */
    String set() {
      return isEmpty() ? names.host().getFirst() : all();
    }

    private String all() {
      return Stream.of(kind, host, port, user, password, database)
          .flatMap(Optional::stream)
          .map(Part::variable)
          .collect(Collectors.joining(", "));
    }

    boolean isEmpty() {
      return all().isEmpty();
    }
  }

  /**
   * What the well-known variables declare, those that hold URLs and those that hold parts.
   *
   * @param urls what the first declare
   */
  static List<Declared> layer(
      Map<String, String> environment, List<Declared> urls, UrlParser parser, Problems problems) {
    return new ConnectionParts(environment, urls, parser, problems).read();
  }

  private List<Declared> read() {
    for (Declared declared : List.copyOf(layer)) {
      url(declared).ifPresent(services::add);
    }
    List<Parts> families = PartNames.ALL.stream().map(this::parts).toList();
    // Whole ones first: what is left may belong to them.
    families.stream().filter(parts -> parts.host().isPresent()).forEach(this::add);
    families.stream()
        .filter(parts -> parts.host().isEmpty() && (!parts.isEmpty() || parts.isHostMissing()))
        .forEach(this::add);
    return layer;
  }

  /** A URL that cannot be read is told by who reads it as a target's. */
  private Optional<Service> url(Declared declared) {
    boolean inline = Keys.URL.matches(declared.key());
    if (!inline && !Keys.URL_FILE.matches(declared.key())) {
      return Optional.empty();
    }
    try {
      String text = inline ? declared.value() : FileText.secret(Path.of(declared.value()));
      return Optional.of(
          new Service(Keys.targetOf(declared.key()), declared.origin(), parser.parse(text)));
    } catch (RefusedValue e) {
      return Optional.empty();
    }
  }

  private Parts parts(PartNames names) {
    return new Parts(
        names,
        part(names.kind()),
        part(names.host()),
        part(names.port()).filter(port -> !port.value().contains("://")),
        part(names.user()),
        part(names.password()),
        part(names.database()),
        names.host().stream().anyMatch(host -> environment.getOrDefault(host, "x").isBlank()));
  }

  /** The first that is set; another that is set too has to be the same. */
  private Optional<Part> part(List<String> names) {
    Part found = null;
    for (String name : names) {
      for (String variable : List.of(name, name + FILE)) {
        String value = environment.getOrDefault(variable, "");
        if (value.isBlank()) {
          continue;
        }
        Part part = new Part(variable, value, !variable.equals(name));
        if (found != null && !found.value().equals(value)) {
          problems.add(
              found.variable(),
              "it and %s say two things".formatted(variable),
              "Keep one of the two");
        }
        found = found == null ? part : found;
      }
    }
    return Optional.ofNullable(found);
  }

  private void add(Parts parts) {
    try {
      String scheme = scheme(parts);
      List<Service> same = new ArrayList<>();
      for (Service service : services) {
        if (isSame(service, scheme)) {
          same.add(service);
        }
      }
      if (!same.isEmpty()) {
        join(parts, same);
      } else if (scheme != null && scheme.equals("sqlite")) {
        sqlite(parts);
      } else if (parts.host().isEmpty()) {
        problems.add(
            parts.set(),
            "no host is declared",
            "Set %s, or the URL; or take it out".formatted(parts.names().host().getFirst()));
      } else if (scheme == null) {
        problems.add(
            parts.set(),
            "nothing says which kind of database it is",
            "Set DB_CONNECTION to pgsql or mysql, or DATABASE_URL");
      } else {
        declare(parts, scheme);
      }
    } catch (RefusedValue e) {
      problems.add(parts.set(), e);
    }
  }

  /** Whether it may be the service that the parts mean, which is any SQL database for want of a kind. */
  private boolean isSame(Service service, @Nullable String scheme) throws RefusedValue {
    String sql = "postgresql mysql";
    return scheme == null
        ? sql.contains(service.engine())
        : !scheme.equals("sqlite")
            && parser.engineOf(scheme).traits().id().equals(service.engine());
  }

  /** The scheme that the parts stand for; null: nothing says it. */
  private static @Nullable String scheme(Parts parts) throws RefusedValue {
    if (!parts.names().scheme().isEmpty()) {
      return parts.names().scheme();
    }
    if (parts.kind().isPresent()) {
      return ofKind(parts.kind().get().text());
    }
    return switch (parts.port().isPresent() ? parts.port().get().text() : "") {
      case "5432" -> "postgresql";
      case "3306" -> "mysql";
      case "27017" -> "mongodb";
      default -> null;
    };
  }

  /** Laravel's, Django's, TypeORM's and Knex's names; of a class's the last part counts. */
  private static String ofKind(String text) throws RefusedValue {
    String kind = text.toLowerCase(Locale.ROOT);
    return switch (kind.substring(kind.lastIndexOf('.') + 1)) {
      case "pgsql", "postgres", "postgresql", "postgresql_psycopg2", "pg", "postgis", "psycopg2" ->
          "postgresql";
      case "mysql", "mysql2", "mysqli" -> "mysql";
      case "mariadb" -> "mariadb";
      case "mongodb", "mongo" -> "mongodb";
      case "sqlite", "sqlite3", "better-sqlite3" -> "sqlite";
      default ->
          throw new RefusedValue(
              "names a kind of database that is not known",
              "Write pgsql, mysql, mariadb, mongodb or sqlite, or set DATABASE_URL");
    };
  }

  /** Parts beside a service that is known: the same place, or a contradiction. */
  private void join(Parts parts, List<Service> same) throws RefusedValue {
    Service found = same.getFirst();
    if (parts.host().isPresent()) {
      ParsedUrl own = parser.parse(url(parts, found.url().url().scheme()));
      found = same.stream().filter(one -> isPlace(own, one.url(), parts)).findFirst().orElse(null);
      if (found == null) {
        problems.add(
            parts.set(),
            "another place is named by %s".formatted(same.getFirst().origin()),
            "Keep one of the two, or set TIDEGATE_TARGETS_<NAME>_URL for each that is meant");
        return;
      }
    }
    credentials(parts, found);
  }

  private static boolean isPlace(ParsedUrl own, ParsedUrl other, Parts parts) {
    List<HostPort> hosts = own.url().hosts();
    boolean host =
        parts.port().isPresent()
            ? hosts.equals(other.url().hosts())
            : names(hosts).equals(names(other.url().hosts()));
    return host && (parts.database().isEmpty() || own.url().path().equals(other.url().path()));
  }

  private static List<String> names(List<HostPort> hosts) {
    return hosts.stream().map(HostPort::host).toList();
  }

  /** A URL has the last word about who logs in; a password is its user's. */
  private void credentials(Parts parts, Service service) throws RefusedValue {
    String user = service.url().username();
    boolean others =
        user != null && parts.user().isPresent() && !parts.user().get().text().equals(user);
    boolean declared =
        layer.stream()
            .anyMatch(it ->
                Keys.PASSWORD.of(service.target()).equals(it.key())
                    || Keys.PASSWORD_FILE.of(service.target()).equals(it.key()));
    if (service.url().password() != null || declared || others) {
      return;
    }
    if (user == null) {
      put(parts.user(), Keys.USERNAME, Keys.USERNAME_FILE, service.target());
    }
    put(parts.password(), Keys.PASSWORD, Keys.PASSWORD_FILE, service.target());
  }

  private void put(Optional<Part> part, Key<?> inline, Key<?> file, String target) {
    part.ifPresent(it ->
        layer.add(
            new Declared((it.inFile() ? file : inline).of(target), it.value(), it.variable())));
  }

  private void sqlite(Parts parts) throws RefusedValue {
    if (parts.database().isEmpty()) {
      throw new RefusedValue(
          "no file is declared for SQLite", "Set DB_DATABASE to its path, or DATABASE_URL");
    }
    Part file = parts.database().get();
    add(parts, "sqlite:" + file.text().replace("%", "%25").replace("?", "%3F"), file);
  }

  private void declare(Parts parts, String scheme) throws RefusedValue {
    Service service = add(parts, url(parts, scheme), parts.host().orElseThrow());
    put(parts.user(), Keys.USERNAME, Keys.USERNAME_FILE, service.target());
    put(parts.password(), Keys.PASSWORD, Keys.PASSWORD_FILE, service.target());
  }

  private Service add(Parts parts, String url, Part origin) throws RefusedValue {
    Service service = new Service(parts.names().target(), origin.variable(), parser.parse(url));
    services.add(service);
    layer.add(new Declared(Keys.URL.of(service.target()), url, service.origin()));
    return service;
  }

  private String url(Parts parts, String scheme) throws RefusedValue {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("host", parts.host().orElseThrow().text());
    if (parts.port().isPresent()) {
      parameters.put("port", parts.port().get().text());
    }
    parts
        .names()
        .parameters()
        .forEach((variable, parameter) -> {
          String value = environment.getOrDefault(variable, "");
          if (!value.isBlank()) {
            parameters.put(parameter, value.strip());
          }
        });
    String database = parts.database().isPresent() ? parts.database().get().text() : "";
    return "%s:///%s?%s"
        .formatted(
            scheme,
            KeywordForm.encoded(database),
            parameters.entrySet().stream()
                .map(one -> one.getKey() + "=" + KeywordForm.encoded(one.getValue()))
                .collect(Collectors.joining("&")));
  }
}
