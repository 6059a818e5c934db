package io.tidegate.manifest.rules;

import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.ServiceHealthCheck;
import io.tidegate.manifest.stack.Database;
import io.tidegate.policy.Severity;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Tells whether a health check asks the database anything.
 *
 * @see <a href="https://www.postgresql.org/docs/current/app-pg-isready.html">pg_isready</a>
 * @see <a href="https://dev.mysql.com/doc/refman/en/mysqladmin.html">mysqladmin</a>
 */
final class HealthQuery {
  private static final Set<String> CONNECTS = Set.of("nc", "ncat", "telnet", "wait-for-it.sh");
  private static final Set<String> NOTHING = Set.of("true", "exit", ":", "echo");
  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "::1", "0.0.0.0");

  private HealthQuery() {}

  /** What a check fails to see. */
  record Fault(Severity severity, String why) {}

  static Optional<Fault> fault(ServiceHealthCheck check, Container container, Database database) {
    return switch (check.kind()) {
      case DISABLED, GRPC, OF_IMAGE -> Optional.empty();
      case TCP ->
          fault(
              "the check only opens a TCP connection, which a proxy or a server that still recovers"
                  + " accepts too");
      case HTTP ->
          database.is("Elasticsearch") || database.is("ClickHouse") || database.is("CockroachDB")
              ? Optional.empty()
              : fault("the check speaks HTTP, which %s does not".formatted(database.kind()));
      case COMMAND -> command(check.words(), container);
    };
  }

  private static Optional<Fault> command(List<String> words, Container container) {
    List<String> programs =
        words.stream().map(word -> word.substring(word.lastIndexOf('/') + 1)).toList();
    String line = String.join(" ", words).toLowerCase(Locale.ROOT);
    if (line.contains("select ") || (line.contains(" -c ") && programs.contains("psql"))) {
      return Optional.empty();
    }
    if (programs.contains("pg_isready")) {
      return pgIsReady(words, container);
    }
    boolean admin = programs.contains("mysqladmin") || programs.contains("mariadb-admin");
    if (admin && programs.contains("ping")) {
      return fault(
          "mysqladmin ping succeeds even where access is denied, and on the temporary server that the"
              + " image runs first");
    }
    boolean cli =
        programs.contains("redis-cli")
            || programs.contains("valkey-cli")
            || programs.contains("keydb-cli");
    if (cli && line.contains("ping") && !line.contains("pong")) {
      return Optional.of(
          new Fault(
              Severity.NOTICE,
              "redis-cli ping exits with 0 on every answer, also on LOADING and NOAUTH; add | grep"
                  + " PONG"));
    }
    if (programs.stream().anyMatch(CONNECTS::contains) || line.contains("/dev/tcp/")) {
      return fault("the check only opens a TCP connection, which is no query");
    }
    boolean piped = words.indexOf("|") > 0;
    if (programs.isEmpty() || (NOTHING.contains(programs.getFirst()) && !piped)) {
      return fault("the check asks the database nothing");
    }
    return Optional.empty();
  }

  private static Optional<Fault> pgIsReady(List<String> words, Container container) {
    String host = option(words, "-h", "--host");
    if (host.isEmpty() && container.variable("PGHOST").isEmpty()) {
      return fault(
          "pg_isready without -h asks over the socket, where the temporary server answers that the"
              + " image runs first; add -h 127.0.0.1");
    }
    boolean own =
        host.isEmpty()
            || host.contains("$")
            || LOCAL.contains(host)
            || container.hosts().contains(host);
    if (host.startsWith("/")) {
      return fault("pg_isready asks over the socket, where the image's temporary server answers");
    }
    return own
        ? Optional.empty()
        : fault("pg_isready asks another host, which says nothing of this container");
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

  private static Optional<Fault> fault(String why) {
    return Optional.of(new Fault(Severity.WARNING, why));
  }
}
