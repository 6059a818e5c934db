package io.tidegate.manifest.rules;

import io.tidegate.manifest.rules.FileRule.Findings;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Dependency;
import io.tidegate.manifest.stack.Container.HealthCheckType;
import io.tidegate.manifest.stack.Container.Platform;
import io.tidegate.manifest.stack.Container.ServiceHealthCheck;
import io.tidegate.manifest.stack.Database;
import io.tidegate.manifest.stack.Database.ImageName;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.source.SourceFile.Location;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Whether a database's health check is a query, and whether the apps wait for it. */
final class HealthCheckRules {
  static final List<FileRule> ALL =
      List.of(
          new FileRule(
              new RuleCard(
                  "database-health",
                  Severity.ERROR,
                  "A database without a health check, or with one that is no query",
                  "What waits for the database is let through before queries are answered, or never",
                  "Let the check run a query over the network, as psql -h 127.0.0.1 -U app -c"
                      + " 'select 1' and redis-cli -h 127.0.0.1 ping do, or let the app wait for"
                      + " Tidegate",
                  URI.create(
                      "https://docs.docker.com/reference/compose-file/services/#healthcheck")),
              HealthCheckRules::databaseHealth),
          new FileRule(
              new RuleCard(
                  "depends-on",
                  Severity.WARNING,
                  "depends_on a database without service_healthy",
                  "The app starts when the database's container has started, long before it answers"
                      + " queries",
                  "Write depends_on with condition: service_healthy and give the database a health"
                      + " check that is a query, or let the app depend on Tidegate",
                  URI.create("https://docs.docker.com/compose/how-tos/startup-order/")),
              HealthCheckRules::dependsOn));

  /** Tools that connect when somebody logs in to them, not when they start. */
  private static final Set<String> CONNECT_LATER =
      Set.of("adminer", "phpmyadmin", "pgadmin4", "cloudbeaver", "redisinsight");

  private static final Set<String> OPEN_A_PORT = Set.of("nc", "ncat", "telnet", "wait-for-it.sh");
  private static final Set<String> ASK_NOTHING = Set.of("true", "exit", ":", "echo");
  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "::1", "0.0.0.0");
  private static final Set<String> SPEAK_HTTP =
      Set.of(
          "Elasticsearch",
          "ClickHouse",
          "CockroachDB",
          "CouchDB",
          "InfluxDB",
          "Neo4j",
          "RabbitMQ",
          "Kafka",
          "DynamoDB Local");

  private HealthCheckRules() {}

  private static void databaseHealth(Stack stack, Findings findings) {
    for (Container container : stack.containers()) {
      container
          .database()
          // A job of Nomad has its checks in Consul, with its services.
          .filter(database ->
              !container.platform().isManaged() && container.platform() != Platform.NOMAD)
          .ifPresent(database -> databaseHealth(stack, container, database, findings));
    }
  }

  private static void databaseHealth(
      Stack stack, Container container, Database database, Findings findings) {
    boolean unchecked =
        container.health().stream().allMatch(check -> check.type() == HealthCheckType.DISABLED);
    if (unchecked) {
      unchecked(stack, container, database, findings);
    }
    for (ServiceHealthCheck check : container.health()) {
      weakness(check, container, database)
          .ifPresent(weakness ->
              findings.addMilderInDevelopment(
                  container, weakness.severity(), check.location(), weakness.evidence()));
    }
  }

  private static void unchecked(
      Stack stack, Container container, Database database, Findings findings) {
    Location location =
        container.health().isEmpty() ? null : container.health().getFirst().location();
    String check = container.platform() == Platform.KUBERNETES ? "readiness probe" : "health check";
    String evidence = "%s has no %s".formatted(database.kind(), check);
    Optional<Container> waiting =
        stack.containers().stream()
            .filter(other ->
                other.dependencies().stream()
                    .anyMatch(on ->
                        on.service().equals(container.workload())
                            && on.condition().equals(Dependency.HEALTHY)))
            .findFirst();
    if (waiting.isPresent()) {
      findings.add(
          container,
          Severity.ERROR,
          location,
          evidence
              + ", and %s waits for it to be healthy: it never starts"
                  .formatted(waiting.get().subject().label()));
      return;
    }
    // A cache may be missing for a while.
    boolean awaited =
        database.is("Memcached") || stack.containers().stream().anyMatch(Container::isTidegate);
    findings.addMilderInDevelopment(
        container, awaited ? Severity.NOTICE : Severity.WARNING, location, evidence);
  }

  /** What a health check fails to see. */
  private record Weakness(Severity severity, String evidence) {}

  private static Optional<Weakness> weakness(String evidence) {
    return Optional.of(new Weakness(Severity.WARNING, evidence));
  }

  private static Optional<Weakness> weakness(
      ServiceHealthCheck check, Container container, Database database) {
    return switch (check.type()) {
      case DISABLED, GRPC, OF_IMAGE -> Optional.empty();
      case TCP ->
          // It has no query that a probe could run, and forgets everything when it restarts.
          database.is("Memcached")
              ? Optional.empty()
              : weakness(
                  "the check only opens a TCP connection, which a proxy or a server that still recovers"
                      + " accepts too");
      case HTTP ->
          SPEAK_HTTP.contains(database.kind())
              ? Optional.empty()
              : weakness("the check speaks HTTP, which %s does not".formatted(database.kind()));
      case COMMAND -> weaknessOf(check.words(), container);
    };
  }

  private static Optional<Weakness> weaknessOf(List<String> command, Container container) {
    List<String> programs =
        command.stream().map(word -> word.substring(word.lastIndexOf('/') + 1)).toList();
    String line = String.join(" ", command).toLowerCase(Locale.ROOT);
    if (line.contains("select ") || (line.contains(" -c ") && programs.contains("psql"))) {
      return Optional.empty();
    }
    if (programs.contains("pg_isready")) {
      return weaknessOfPgIsReady(command, container);
    }
    boolean admin = programs.contains("mysqladmin") || programs.contains("mariadb-admin");
    if (admin && programs.contains("ping")) {
      // https://dev.mysql.com/doc/refman/en/mysqladmin.html
      return weakness(
          "mysqladmin ping succeeds even where access is denied, and on the temporary server that the"
              + " image runs first");
    }
    boolean cli =
        programs.contains("redis-cli")
            || programs.contains("valkey-cli")
            || programs.contains("keydb-cli");
    if (cli && line.contains("ping") && !line.contains("pong")) {
      return Optional.of(
          new Weakness(
              Severity.NOTICE,
              "redis-cli ping exits with 0 on every answer, also on LOADING and NOAUTH; add | grep"
                  + " PONG"));
    }
    boolean piped = command.indexOf("|") > 0;
    // What is piped into nc is a query: echo stats | nc localhost 11211.
    boolean opens =
        programs.stream().anyMatch(OPEN_A_PORT::contains)
            && (!piped || command.stream().anyMatch(word -> word.matches("-[a-y]*z\\w*")));
    if (opens || line.contains("/dev/tcp/")) {
      return weakness("the check only opens a TCP connection, which is no query");
    }
    if (programs.isEmpty() || (ASK_NOTHING.contains(programs.getFirst()) && !piped)) {
      return weakness("the check asks the database nothing");
    }
    return Optional.empty();
  }

  /**
   * Without a host it asks over the socket.
   *
   * @see <a href="https://www.postgresql.org/docs/current/app-pg-isready.html">pg_isready</a>
   */
  private static Optional<Weakness> weaknessOfPgIsReady(List<String> command, Container container) {
    String host = option(command, "-h", "--host");
    if (host.isEmpty() && container.variable("PGHOST").isEmpty()) {
      return weakness(
          "pg_isready without -h asks over the socket, where the temporary server answers that the"
              + " image runs first; add -h 127.0.0.1");
    }
    if (host.startsWith("/")) {
      return weakness(
          "pg_isready asks over the socket, where the image's temporary server answers");
    }
    boolean own =
        host.isEmpty()
            || host.contains("$")
            || LOCAL.contains(host)
            || container.hosts().contains(host);
    return own
        ? Optional.empty()
        : weakness("pg_isready asks another host, which says nothing of this container");
  }

  private static String option(List<String> words, String brief, String full) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if ((word.equals(brief) || word.equals(full)) && i + 1 < words.size()) {
        return words.get(i + 1);
      }
      if (word.startsWith(full + "=")) {
        return word.substring(full.length() + 1);
      }
      if (word.startsWith(brief) && !word.startsWith("--") && word.length() > brief.length()) {
        return word.substring(brief.length());
      }
    }
    return "";
  }

  private static void dependsOn(Stack stack, Findings findings) {
    for (Container app : stack.containers()) {
      if (app.isTidegate() || waitsForTidegate(stack, app) || connectsLater(app)) {
        continue;
      }
      for (Dependency on : app.dependencies()) {
        boolean database =
            stack
                .service(on.service())
                .flatMap(Container::database)
                // What writes to these by HTTP does so again and again.
                .filter(found -> !found.is("Memcached") && !found.is("InfluxDB"))
                .isPresent();
        if (!on.waits() && database) {
          findings.addMilderInDevelopment(
              app,
              Severity.WARNING,
              on.location(),
              "depends_on %s waits for %s only".formatted(on.service(), on.condition()));
        }
      }
    }
  }

  private static boolean connectsLater(Container app) {
    return app.imageName().map(ImageName::name).filter(CONNECT_LATER::contains).isPresent();
  }

  private static boolean waitsForTidegate(Stack stack, Container app) {
    return app.dependencies().stream()
        .filter(Dependency::waits)
        .anyMatch(on -> stack.service(on.service()).filter(Container::isTidegate).isPresent());
  }
}
